import type { JSX } from 'react';

const width = 120;
const height = 24;

/** The course of a figure, scaled to its largest value. */
export function Sparkline({
  values,
  label,
}: {
  readonly values: readonly number[];
  readonly label: string;
}): JSX.Element {
  const most = Math.max(...values, 1e-9);
  const step = width / Math.max(values.length - 1, 1);
  const points = values.map(
    (value, index) => `${(index * step).toFixed(1)},${(height - (value / most) * height).toFixed(1)}`,
  );
  return (
    <svg className="sparkline" width={width} height={height} role="img" aria-label={label}>
      <polyline points={points.join(' ')} />
    </svg>
  );
}
