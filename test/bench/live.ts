import { figuresOf, isMet, type Figure } from "./live/aims.ts";
import { measure, type Amounts, type Measured, type Variant } from "./live/measure.ts";
import { printTable, type DatabaseName } from "./setup.ts";

/** `databases`: those that are measured. `length`: `short` for a look, whose figures scatter. */
export interface LiveOptions {
  readonly databases: readonly DatabaseName[];
  readonly length: "short" | "whole";
  readonly prints: "table" | "json";
}

const amounts: Readonly<Record<LiveOptions["length"], Amounts>> = {
  whole: { events: 15_000, steadySeconds: 10, idleSeconds: 8 },
  short: { events: 5000, steadySeconds: 4, idleSeconds: 4 },
};

/** The first one of a database is what its others are compared with. */
const variants: Readonly<Record<DatabaseName, readonly Variant[]>> = {
  SQLite: [
    { database: "SQLite", processes: 1, emits: "over HTTP" },
    { database: "SQLite", processes: 1, emits: "in process" },
  ],
  PostgreSQL: [
    { database: "PostgreSQL", processes: 1, emits: "over HTTP" },
    { database: "PostgreSQL", processes: 2, emits: "over HTTP" },
    { database: "PostgreSQL", processes: 1, emits: "in process" },
  ],
};

/**
 * What life looks like: delivering while 16 callers emit over HTTP from another process, beside emitting and delivering
 * apart, and at 100 events a second. Compare ratios: what they are made of is measured in the same minutes.
 */
export async function benchLive({ databases, length, prints }: LiveOptions): Promise<void> {
  const results: { readonly variant: Variant; readonly figures: readonly Figure[] }[] = [];
  for (const database of databases) {
    let alone: Measured | null = null;
    for (const variant of variants[database]) {
      const measured = await measure(variant, amounts[length]);
      results.push({ variant, figures: figuresOf(variant, measured, alone) });
      if (prints === "table") printFigures(variant, results.at(-1)?.figures ?? []);
      alone ??= measured;
    }
  }
  if (prints === "json") console.log(JSON.stringify(results.map(({ variant, figures }) => inJson(variant, figures))));
}

function printFigures({ database, processes, emits }: Variant, figures: readonly Figure[]): void {
  const rows = figures.map((figure) => {
    const { name, value, aim } = figure;
    const met = aim === null ? ["", ""] : [`${aim.bound} ${aim.value}`, isMet(figure) ? "met" : "missed"];
    return [name, inDigits(value), ...met];
  });
  const title = `Live: ${database}, ${processes === 1 ? "one process" : `${processes} processes`}, emits ${emits}`;
  printTable(title, ["", "", "aim", ""], rows);
}

const inDigits = (value: number): string => value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);

const inJson = (variant: Variant, figures: readonly Figure[]) => ({
  ...variant,
  figures: figures.map((figure) => ({
    ...figure,
    name: figure.name.trim(),
    isMet: figure.aim === null ? null : isMet(figure),
  })),
});
