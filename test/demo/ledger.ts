import type { Received } from "./receivers.ts";

/** One system in the table. Every figure was counted: none follows from another. */
export interface Row {
  readonly system: string;
  readonly mode: string;
  /** What its subscribers were to get, once for each of them. */
  readonly events: number;
  /** What came to its subscribers. */
  readonly requests: number;
  /** What the runtime's own log has of it. */
  readonly attempts: number;
  /** Requests that the SDK verified. */
  readonly verified: number;
  /** What no subscriber has that was to get it. */
  readonly lost: number;
}

/** What one subscriber was to get, and what it has. */
export interface Account {
  readonly expected: readonly string[];
  readonly received: readonly Received[];
  /** Whether it has what came with a request: it accepted it, or it was asked. */
  readonly has: (request: Received) => boolean;
  /** Attempts in the runtime's log. */
  readonly attempts: number;
}

export const accepted = ({ isVerified, status }: Received): boolean => isVerified && status >= 200 && status <= 299;

export function rowOf(of: Pick<Row, "system" | "mode">, accounts: readonly Account[]): Row {
  const received = accounts.flatMap((each) => each.received);
  return {
    ...of,
    events: sum(accounts.map(({ expected }) => expected.length)),
    requests: received.length,
    attempts: sum(accounts.map(({ attempts }) => attempts)),
    verified: received.filter(({ isVerified }) => isVerified).length,
    lost: sum(accounts.map(lostOf)),
  };
}

function lostOf({ expected, received, has }: Account): number {
  const had = new Set(received.filter(has).flatMap(({ items }) => items.map(({ id }) => id)));
  return expected.filter((id) => !had.has(id)).length;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** What is wrong with a system; empty when every event is accounted for. */
export function problemsOf({ system, events, requests, attempts, verified, lost }: Row): readonly string[] {
  return [
    ...(events === 0 ? [`${system}: nothing was sent.`] : []),
    ...(lost > 0 ? [`${system}: ${lost} of ${events} were lost.`] : []),
    ...(verified < requests ? [`${system}: ${requests - verified} of ${requests} requests did not verify.`] : []),
    ...(attempts === requests ? [] : [`${system}: ${requests} requests came, and the log has ${attempts} attempts.`]),
  ];
}

const columns = ["system", "mode", "events", "requests", "attempts", "verified", "lost"] as const;
const names: readonly string[] = ["system", "mode"];

export function tableText(rows: readonly Row[]): string {
  const cells = [columns.map(String), ...rows.map((row) => columns.map((column) => String(row[column])))];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  const lineOf = (line: readonly string[]) =>
    line.map((cell, at) =>
      names.includes(columns[at] ?? "") ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
    );
  return cells.map((line) => lineOf(line).join("  ")).join("\n");
}
