import type { DatabaseName } from "../setup.ts";
import type { Measured, Variant } from "./measure.ts";

/** A figure as it is printed. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** Null: it is only told. */
  readonly aim: Aim | null;
}

export interface Aim {
  readonly bound: "at least" | "at most";
  readonly value: number;
}

const atLeast = (value: number): Aim => ({ bound: "at least", value });
const atMost = (value: number): Aim => ({ bound: "at most", value });

interface DatabaseAims {
  readonly burnToCeiling: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const databaseAims: Readonly<Record<DatabaseName, DatabaseAims>> = {
  SQLite: { burnToCeiling: 0.75, p50Ms: 1, p99Ms: 4 },
  PostgreSQL: { burnToCeiling: 0.65, p50Ms: 1.5, p99Ms: 6 },
};

/**
 * The figures of a variant, each with its aim. The aims are those of emits over HTTP in one process; what several are
 * compared with is that one, `alone`.
 */
export function figuresOf(
  { database, processes, emits }: Variant,
  of: Measured,
  alone: Measured | null,
): readonly Figure[] {
  const aims = databaseAims[database];
  const isAimed = processes === 1 && emits === "over HTTP";
  const aimed = (aim: Aim) => (isAimed ? aim : null);
  const figures: Figure[] = [
    { name: "ceiling/s", value: of.ceilingPerSecond, aim: null },
    { name: "burn/s", value: of.burnPerSecond, aim: null },
    { name: "burn / ceiling", value: of.burnPerSecond / of.ceilingPerSecond, aim: aimed(atLeast(aims.burnToCeiling)) },
    { name: "live/s", value: of.livePerSecond, aim: null },
    { name: "live / burn", value: of.livePerSecond / of.burnPerSecond, aim: aimed(atLeast(0.6)) },
    { name: "idle emit/s", value: of.emitPerSecond, aim: null },
    { name: "CPU µs an emit", value: of.emitCpu, aim: null },
    { name: "CPU µs a delivery", value: of.deliveryCpu, aim: null },
    { name: "CPU µs an event in live", value: of.liveCpu, aim: null },
    { name: "  / (emit + delivery)", value: of.liveCpu / (of.emitCpu + of.deliveryCpu), aim: aimed(atMost(1.25)) },
    { name: "p50 ms at 100/s", value: of.steadyP50, aim: aimed(atMost(aims.p50Ms)) },
    { name: "p99 ms at 100/s", value: of.steadyP99, aim: aimed(atMost(aims.p99Ms)) },
    { name: "CPU ms an event at 100/s", value: of.steadyCpu / 1000, aim: aimed(atMost(2)) },
    { name: "idle % of a core", value: of.idlePercent, aim: aimed(atMost(0.5)) },
    { name: "connections of a burn", value: of.connections, aim: null },
  ];
  if (of.emitWal !== null) figures.push({ name: "WAL bytes an emit", value: of.emitWal, aim: aimed(atMost(1300)) });
  if (of.deliveryWal !== null)
    figures.push({ name: "WAL bytes a delivery", value: of.deliveryWal, aim: aimed(atMost(250)) });
  if (processes > 1 && alone !== null) {
    const { livePerSecond, burnPerSecond } = alone;
    figures.push({ name: "live / that of one process", value: of.livePerSecond / livePerSecond, aim: atLeast(1) });
    figures.push({ name: "burn / that of one process", value: of.burnPerSecond / burnPerSecond, aim: atLeast(1) });
  }
  return figures;
}

export function isMet({ value, aim }: Figure): boolean {
  if (aim === null) return true;
  return aim.bound === "at least" ? value >= aim.value : value <= aim.value;
}
