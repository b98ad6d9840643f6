import { sparkPath } from './spark-path.ts';

/** The past of a number as a line, without a scale: the number itself stands beside it. */
export function Sparkline({ values, length }: { values: readonly number[]; length: number }) {
  const width = 88;
  const height = 22;
  const { line, area } = sparkPath(values, length, width, height);
  return (
    <svg class="spark" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path class="spark-area" d={area} />
      <path class="spark-line" d={line} />
    </svg>
  );
}
