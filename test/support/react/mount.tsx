/** @jsxImportSource react */
import { Component, type ReactNode } from 'react';
import { createRoot, hydrateRoot, type Root } from 'react-dom/client';
import { expect, onTestFinished, vi } from 'vitest';
import { SessionProvider, type SessionProviderProps } from '../../../src/react/index.ts';

export interface Mounted {
  readonly container: HTMLElement;
  render(children: ReactNode): void;
  unmount(): void;
}

/** React may say nothing of what it does not like until the test has finished. */
export function allowNoComplaints(): void {
  const complaints = vi.spyOn(console, 'error');
  onTestFinished(() => {
    const said = [...complaints.mock.calls];
    complaints.mockRestore();
    expect(said).toEqual([]);
  });
}

/** Renders inside a provider, in the page, without a complaint. */
export function mount(
  client: SessionProviderProps['client'],
  children: ReactNode,
  server?: { readonly html: string; readonly initialData?: SessionProviderProps['initialData'] },
): Mounted {
  allowNoComplaints();
  const container = document.body.appendChild(document.createElement('div'));
  const around = (inside: ReactNode) => (
    <SessionProvider client={client} initialData={server?.initialData}>
      {inside}
    </SessionProvider>
  );
  let root: Root;
  if (server) {
    container.innerHTML = server.html;
    root = hydrateRoot(container, around(children));
  } else {
    root = createRoot(container, { onCaughtError: () => {} });
    root.render(around(children));
  }
  onTestFinished(() => {
    root.unmount();
    container.remove();
  });
  return {
    container,
    render: (inside) => root.render(around(inside)),
    unmount: () => root.unmount(),
  };
}

/** Shows the code of what was thrown inside it, and a button to try again. */
export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: undefined };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <>
        <p role="alert">{(error as { code?: string }).code ?? (error as Error).message}</p>
        <button type="button" onClick={() => this.setState({ error: undefined })}>
          try again
        </button>
      </>
    );
  }
}
