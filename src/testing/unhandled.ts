/** Rejections that nobody handles belong to the run in which they happen. */

interface NodeProcess {
  on(event: 'unhandledRejection', listener: (reason: unknown) => void): unknown;
  off(event: 'unhandledRejection', listener: (reason: unknown) => void): unknown;
}

interface Page {
  addEventListener(type: 'unhandledrejection', listener: (event: RejectionEvent) => void): void;
  removeEventListener(type: 'unhandledrejection', listener: (event: RejectionEvent) => void): void;
}

interface RejectionEvent {
  readonly reason: unknown;
  preventDefault(): void;
}

/** Tells `heard` of each, in Node and in a page, until the function that it gives back is called. */
export function catchUnhandled(heard: (reason: unknown) => void): () => void {
  const { process, ...page } = globalThis as unknown as { readonly process?: Partial<NodeProcess> } & Page;
  if (process?.on && process.off) {
    const node = process as NodeProcess;
    node.on('unhandledRejection', heard);
    return () => node.off('unhandledRejection', heard);
  }
  const { addEventListener, removeEventListener } = page;
  if (!addEventListener) return () => {};
  const listener = (event: RejectionEvent): void => {
    event.preventDefault();
    heard(event.reason);
  };
  addEventListener('unhandledrejection', listener);
  return () => removeEventListener('unhandledrejection', listener);
}
