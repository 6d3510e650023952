import { computed, signal } from "@preact/signals";
import { language } from "./texts/texts.ts";

/** The reader's zone, unless UTC is chosen. */
export const zone = signal<"local" | "UTC">("local");

const times = computed(() => {
  const zoned = zone.value === "UTC" ? { timeZone: "UTC" } : {};
  return {
    whole: new Intl.DateTimeFormat(language.value, { dateStyle: "medium", timeStyle: "medium", ...zoned }),
    short: new Intl.DateTimeFormat(language.value, {
      month: "short",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
      ...zoned,
    }),
    relative: new Intl.RelativeTimeFormat(language.value, { numeric: "auto" }),
    numbers: new Intl.NumberFormat(language.value),
    percent: new Intl.NumberFormat(language.value, { style: "percent", maximumFractionDigits: 1 }),
  };
});

export const shortTime = (iso: string): string => times.value.short.format(new Date(iso));
export const wholeTime = (iso: string): string => times.value.whole.format(new Date(iso));
export const number = (value: number): string => times.value.numbers.format(value);
export const percent = (value: number): string => times.value.percent.format(value);

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

export function relativeTime(iso: string, now = Date.now()): string {
  const ms = Date.parse(iso) - now;
  const [unit, length] = units.find(([, each]) => Math.abs(ms) >= each) ?? units[3];
  return times.value.relative.format(Math.trunc(ms / length), unit);
}

export function duration(ms: number): string {
  if (ms < 1000) return `${number(Math.round(ms))} ms`;
  if (ms < 60_000) return `${number(Math.round(ms / 100) / 10)} s`;
  return `${number(Math.round(ms / 6000) / 10)} min`;
}

/** Until then, as `m:ss`. */
export function countdown(iso: string, now: number): string {
  const seconds = Math.max(0, Math.floor((Date.parse(iso) - now) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A time as a field of the browser shows it, in the reader's zone; an address has it in UTC, the same for every reader. */
export function fieldOf(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  const shift = zone.peek() === "UTC" ? 0 : at.getTimezoneOffset() * 60_000;
  return new Date(at.getTime() - shift).toISOString().slice(0, 16);
}

/** The other way round. Null: the field is empty. */
export function timeOfField(text: string): string | null {
  const at = new Date(`${text}${zone.peek() === "UTC" ? "Z" : ""}`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
