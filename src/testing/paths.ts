/** Where in the runs of a seed a failure was found, as fast-check writes it: `7:0:2`. */
const PATH = /^\d+(:\d+)*$/;

/** Throws a `TypeError` for what no failure has printed. The empty path is that of a run not drawn from the seed. */
export function checkPath(path: unknown, seed: unknown): void {
  if (path === undefined || path === '') return;
  if (typeof path !== 'string' || !PATH.test(path))
    throw new TypeError(
      `options.path must be as a failure printed it, such as '7' or '7:0:2'; got ${JSON.stringify(path)}.`,
    );
  if (seed === undefined)
    throw new TypeError('options.path belongs to a seed: give both, as the failure printed them.');
}
