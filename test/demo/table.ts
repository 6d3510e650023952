import { styleText } from "node:util";
import type { Receipt } from "./receiver.ts";

const widths = { type: 34, endpoint: 8, attempt: 7, status: 6, verified: 8 };

export function printHead(): void {
  const cells = [
    "event type".padEnd(widths.type),
    "endpoint".padEnd(widths.endpoint),
    "attempt".padStart(widths.attempt),
    "status".padStart(widths.status),
    "verified".padStart(widths.verified),
    "ms".padStart(9),
  ];
  console.log(cells.join("  "));
}

/** One request as the receiver saw it, in the colour of its answer. */
export function printRow(receipt: Receipt): void {
  const cells = [
    receipt.type.padEnd(widths.type),
    receipt.endpoint.padEnd(widths.endpoint),
    String(receipt.attempt).padStart(widths.attempt),
    String(receipt.status).padStart(widths.status),
    (receipt.isVerified ? "yes" : "NO").padStart(widths.verified),
    String(receipt.ms).padStart(9),
  ];
  const colour = receipt.status < 300 ? "green" : receipt.status < 500 ? "red" : "yellow";
  console.log(styleText(colour, cells.join("  ")));
}

export function printSkip(ms: number): void {
  console.log(`  … the next attempt is due in ${Math.round(ms / 1000)} s; the demonstration moves its clock there …`);
}

export interface SummaryRow {
  readonly endpoint: string;
  /** Events that match the endpoint. */
  readonly expected: number;
  /** How many deliveries are in which state, in the contract's words. */
  readonly states: readonly string[];
  readonly pending: number;
  /** Requests its receiver got, and those of them the SDK verified. */
  readonly attempts: number;
  readonly verified: number;
  /** Events that match and have no delivery that ended as it should. */
  readonly missing: number;
}

/** Every event that matches has a delivery that ended as it should, and every request was verified. */
export function isAccountedFor(row: SummaryRow): boolean {
  return row.missing === 0 && row.pending === 0 && row.attempts > 0 && row.verified === row.attempts;
}

export function printSummary(rows: readonly SummaryRow[]): void {
  console.log("\nendpoint  events  attempts  verified  missing  deliveries");
  for (const row of rows) {
    const counts = [row.expected, row.attempts, row.verified, row.missing];
    const [events, attempts, verified, missing] = counts.map(String);
    const cells = [
      row.endpoint.padEnd(8),
      events?.padStart(6),
      attempts?.padStart(8),
      verified?.padStart(8),
      missing?.padStart(7),
      row.states.join(", "),
    ];
    console.log(cells.join("  "));
  }
  const isFine = rows.every(isAccountedFor);
  console.log(
    styleText(isFine ? "green" : "red", isFine ? "\nEvery delivery is accounted for." : "\nDeliveries are missing."),
  );
}
