import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Microseconds of the processors' time, user and system. */
export interface ProcessorTime {
  /** Of this process. */
  readonly sender: number;
  /** Of the PostgreSQL servers below it. Zero where there is no `/proc` to tell. */
  readonly server: number;
}

export function processorTime(): ProcessorTime {
  const { user, system } = process.cpuUsage();
  const stats = new Map(processes().flatMap((pid) => statOf(pid) ?? []));
  const isBelow = (pid: number): boolean => {
    const parent = stats.get(pid)?.parent;
    return parent !== undefined && (parent === process.pid || isBelow(parent));
  };
  const servers = [...stats].filter(([pid, { name }]) => name.startsWith("postgres") && isBelow(pid));
  return { sender: user + system, server: servers.reduce((sum, [, { microseconds }]) => sum + microseconds, 0) };
}

interface Stat {
  readonly name: string;
  readonly parent: number;
  /** Of itself, and of its children that have ended. */
  readonly microseconds: number;
}

function processes(): readonly number[] {
  return existsSync("/proc/self/stat") ? readdirSync("/proc").map(Number).filter(Number.isInteger) : [];
}

/** `/proc` counts in ticks of 10 ms on every Linux. */
const tickMicroseconds = 10_000;

/** proc(5): the name in parentheses, which may hold anything, and then one field after the other. Null: it has ended. */
function statOf(pid: number): [[number, Stat]] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const nameEnd = text.lastIndexOf(")");
    const [, parent = 0, ...fields] = text
      .slice(nameEnd + 2)
      .split(" ")
      .map(Number);
    const ticks = fields.slice(9, 13).reduce((sum, each) => sum + each, 0);
    const name = text.slice(text.indexOf("(") + 1, nameEnd);
    return [[pid, { name, parent, microseconds: ticks * tickMicroseconds }]];
  } catch {
    return null;
  }
}
