type End = (id: string, seq: number) => Promise<void>;

const endings = new WeakMap<object, End>();
const incarnations = new WeakMap<object, number>();

/** Lets what serves a client to others end the session that was created at a `seq`, not a later one of its id. */
export function lendEnding(client: object, end: End): void {
  endings.set(client, end);
}

export function endingOf(client: object): End | undefined {
  return endings.get(client);
}

/** Notes of a handle which incarnation it was given for. */
export function bindIncarnation<T extends object>(handle: T, seq: number): T {
  incarnations.set(handle, seq);
  return handle;
}

export function incarnationOf(handle: object): number | undefined {
  return incarnations.get(handle);
}
