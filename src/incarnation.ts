const incarnations = new WeakMap<object, number>();

/** Notes of a handle which incarnation of its session it was given for, by the `seq` of that. */
export function bindIncarnation<T extends object>(handle: T, seq: number): T {
  incarnations.set(handle, seq);
  return handle;
}

export function incarnationOf(handle: object): number | undefined {
  return incarnations.get(handle);
}
