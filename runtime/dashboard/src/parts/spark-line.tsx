interface Counts {
  readonly delivered: readonly number[];
  readonly retried: readonly number[];
  readonly failed: readonly number[];
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Accepted attempts of all. Null: there were none. */
export function successRate({ delivered, retried, failed }: Counts): number | null {
  const all = sum(delivered) + sum(retried) + sum(failed);
  return all === 0 ? null : sum(delivered) / all;
}

const [width, height] = [96, 24];

/** Bars over time: accepted below, what failed above. Its numbers stand beside it, so it is hidden from readers of text. */
export function SparkLine({ delivered, retried, failed }: Counts) {
  const failures = failed.map((each, index) => each + (retried[index] ?? 0));
  const max = Math.max(1, ...delivered.map((each, index) => each + (failures[index] ?? 0)));
  const step = width / Math.max(1, delivered.length);
  const tall = (count: number) => (count === 0 ? 0 : Math.max(1.5, (count / max) * height));
  return (
    <svg class="spark" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <line x1="0" y1={height - 0.5} x2={width} y2={height - 0.5} class="base" />
      {delivered.map((count, index) => {
        const [ok, bad] = [tall(count), tall(failures[index] ?? 0)];
        return (
          <g key={index}>
            <rect class="ok" x={index * step} y={height - ok} width={Math.max(1, step - 1)} height={ok} />
            <rect class="bad" x={index * step} y={height - ok - bad} width={Math.max(1, step - 1)} height={bad} />
          </g>
        );
      })}
    </svg>
  );
}
