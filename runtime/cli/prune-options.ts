import { InvalidArgumentError } from "commander";

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** In milliseconds. */
export function parseAge(text: string): number {
  const [, amount, unit] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  if (unit === "m" || unit === "h" || unit === "d") return Number(amount) * unitMs[unit];
  throw new InvalidArgumentError("Expected days, hours or minutes, such as 30d, 12h or 90m.");
}

/** Larger steps are hardly faster, and what waits for one waits longer. */
const stepMax = 10_000;

export function parseStep(text: string): number {
  const step = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (step >= 1 && step <= stepMax) return step;
  throw new InvalidArgumentError(`Expected a number of events from 1 to ${stepMax}.`);
}
