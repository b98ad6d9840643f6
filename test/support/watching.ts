import type { Watch } from '../../src/bindings/watch.ts';

/** Subscribes, and keeps each view that there was to see, the first included. */
export function look<V>(watch: Watch<V>) {
  const views: V[] = [watch.get()];
  const stop = watch.subscribe(() => {
    views.push(watch.get());
  });
  return {
    views,
    stop,
    get now(): V {
      return watch.get();
    },
    /** How often it was told since it was asked last. */
    told(): number {
      return views.splice(0, views.length - 1).length;
    },
  };
}
