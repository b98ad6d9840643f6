/**
 * The paths of a chart with room for `length` values, which fill it from the left; from 0 at the bottom to the greatest
 * at the top, or to 1 where all are less.
 */
export function sparkPath(
  values: readonly number[],
  length: number,
  width: number,
  height: number,
): { readonly line: string; readonly area: string } {
  if (values.length < 2) return { line: '', area: '' };
  const most = Math.max(1, ...values);
  const step = width / Math.max(length - 1, 1);
  const points = values.map(
    (value, index) => `${round(index * step)} ${round(height - 1 - (value / most) * (height - 2))}`,
  );
  const line = `M${points.join('L')}`;
  return { line, area: `${line}V${height}H0Z` };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
