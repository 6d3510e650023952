import { Cron } from "croner";
import type { StreamContract, StreamSetting } from "../../catalog/contract.ts";
import { HookwrightError } from "../errors.ts";
import { nearNames } from "../near-names.ts";
import type { StreamSettings } from "../seams/stream-store.ts";
import { eventTypeOf } from "./contract-of.ts";
import type { WireContract } from "./wire-contract.ts";

/** What an owner set; what is missing stays as it is, and of the secrets null means none. */
export interface GivenSettings {
  readonly settings: Partial<StreamSettings>;
  readonly authorization?: string | null;
  readonly noticeUrl?: string | null;
}

/** Settings that are secrets: they are sealed, and no answer has them. */
const secretSettings: readonly StreamSetting[] = ["authorization", "notice-url"];

const delaySecondsMax = 7 * 24 * 3600;
const concurrencyMax = 100;
const levelMax = 4;

/** What holds where the owner set nothing. There is no URL yet. */
export function defaultSettings({ batch, delay, schedule, retry }: StreamContract): Omit<StreamSettings, "url"> {
  return {
    schedule: schedule.kind === "cron" ? schedule.default : null,
    delaySeconds: delay.defaultSeconds,
    batchSize: batch.recordsMax,
    sends: "batch",
    concurrency: batch.single?.concurrencyDefault ?? 1,
    startFrom: null,
    level: null,
    types: [],
    noticeOnSuccess: false,
    onExhausted: retry.kind === "per-run" ? retry.onExhausted : "hold",
  };
}

/**
 * Reads settings by the names that the contract gives them, in any case (D-AUTH0-02). Null, the empty text and `-` stand
 * for what holds without the setting. Throws `invalid_request` or `unknown_event_type`.
 */
export function readSettings(
  contract: WireContract<StreamContract>,
  given: Readonly<Record<string, unknown>>,
): GivenSettings {
  const { id, settings: declared } = contract.declaration;
  const names = new Map(Object.keys(declared).map((name) => [name.toLowerCase(), name]));
  const read = Object.entries(given).map(([key, value]) => {
    const name = names.get(key.toLowerCase());
    const setting = name === undefined ? undefined : declared[name];
    if (setting !== undefined) return readers[setting](isUnset(value) ? null : value, `settings.${key}`, contract);
    const near = nearNames(key, [...names.values()]).map((each) => JSON.stringify(each));
    const meant = near.length === 0 ? "" : ` Did you mean ${near.join(" or ")}?`;
    const message = `settings: the contract "${id}" has no setting ${JSON.stringify(key)}.${meant}`;
    throw new HookwrightError("invalid_request", message, { path: `settings.${key}` });
  });
  const { settings, ...secrets } = Object.assign({ settings: {} }, ...read);
  return { settings: Object.assign({}, ...read.map((each) => each.settings)), ...secrets };
}

/** The settings by their declared names, without those that are secrets. */
export function namedSettings({ settings: declared }: StreamContract, settings: StreamSettings) {
  return Object.fromEntries(
    Object.entries(declared)
      .filter(([, setting]) => !secretSettings.includes(setting))
      .map(([name, setting]) => [name, shown[setting](settings)]),
  );
}

/** When a schedule comes round next, in UTC. */
export function nextRunAt(schedule: string, now: number): number {
  const next = new Cron(schedule, { timezone: "UTC" }).nextRun(new Date(now));
  // A schedule that never comes, the 30th of February: checked when it is set.
  return next?.getTime() ?? Number.MAX_SAFE_INTEGER;
}

const shown: Readonly<Record<StreamSetting, (settings: StreamSettings) => unknown>> = {
  url: ({ url }) => url,
  authorization: () => null,
  schedule: ({ schedule }) => schedule,
  delay: ({ delaySeconds }) => delaySeconds,
  "batch-size": ({ batchSize }) => batchSize,
  "send-as-batch": ({ sends }) => sends === "batch",
  concurrency: ({ concurrency }) => concurrency,
  "start-from": ({ startFrom }) => startFrom,
  level: ({ level }) => level,
  types: ({ types }) => types,
  "notice-url": () => null,
  "notice-on-success": ({ noticeOnSuccess }) => noticeOnSuccess,
};

type Reader = (value: unknown, path: string, contract: WireContract<StreamContract>) => GivenSettings;

const readers: Readonly<Record<StreamSetting, Reader>> = {
  url: (value, path) => ({ settings: { url: textOf(value ?? refuse(path, "a URL", value), path) } }),
  authorization: (value, path) => ({ settings: {}, authorization: value === null ? null : headerText(value, path) }),
  schedule: (value, path, { declaration }) => ({
    settings: { schedule: value === null ? defaultSettings(declaration).schedule : cronOf(value, path) },
  }),
  delay: (value, path, { declaration }) => ({
    settings: {
      delaySeconds: value === null ? declaration.delay.defaultSeconds : numberOf(value, path, [0, delaySecondsMax]),
    },
  }),
  "batch-size": (value, _path, { declaration }) => ({
    settings: { batchSize: clamped(value, declaration.batch.recordsMax) },
  }),
  "send-as-batch": (value, path) => ({
    settings: { sends: value === null || booleanOf(value, path) ? "batch" : "single" },
  }),
  concurrency: (value, path, { declaration }) => ({
    settings: {
      concurrency:
        value === null ? defaultSettings(declaration).concurrency : numberOf(value, path, [1, concurrencyMax]),
    },
  }),
  "start-from": (value, path) => ({ settings: { startFrom: value === null ? null : textOf(value, path) } }),
  level: (value, path) => ({ settings: { level: value === null ? null : numberOf(value, path, [0, levelMax]) } }),
  types: (value, path, contract) => ({ settings: { types: typesOf(value, path, contract) } }),
  "notice-url": (value, path) => ({ settings: {}, noticeUrl: value === null ? null : textOf(value, path) }),
  "notice-on-success": (value, path) => ({
    settings: { noticeOnSuccess: value !== null && booleanOf(value, path) },
  }),
};

function isUnset(value: unknown): boolean {
  return value === null || value === "" || value === "-";
}

function refuse(path: string, expected: string, value: unknown): never {
  const got = typeof value === "string" ? "text that is none" : value === null ? "nothing" : typeof value;
  throw new HookwrightError("invalid_request", `${path}: expected ${expected}, got ${got}.`, { path });
}

function textOf(value: unknown, path: string): string {
  return typeof value === "string" && value.length <= 2048
    ? value
    : refuse(path, "text of at most 2048 characters", "");
}

/** What a header can carry (RFC 9110 §5.5). It is a secret, so no message shows it. */
function headerText(value: unknown, path: string): string {
  const text = textOf(value, path);
  return /^[\x21-\x7e\x80-\xff]([\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?$/.test(text)
    ? text
    : refuse(path, "text without control characters and without spaces around it", text);
}

function numberOf(value: unknown, path: string, [min, max]: readonly [number, number]): number {
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number === "number" && Number.isInteger(number) && number >= min && number <= max) return number;
  return refuse(path, `a whole number from ${min} to ${max}`, value);
}

/** What is no number from 1 to the most becomes the most (F-AUTH0-05). */
function clamped(value: unknown, max: number): number {
  const number = Number(value ?? max);
  return Number.isInteger(number) && number >= 1 && number <= max ? number : max;
}

function booleanOf(value: unknown, path: string): boolean {
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  return refuse(path, "true or false", value);
}

function cronOf(value: unknown, path: string): string {
  const text = textOf(value, path).trim();
  try {
    const isWhole = text.split(/\s+/).length === 6;
    if (isWhole && new Cron(text, { timezone: "UTC" }).nextRun() !== null) return text;
  } catch {
    // It says what it did not understand in its own words; ours name what is expected.
  }
  return refuse(path, "a schedule of six fields that comes round, the first of which is seconds", text);
}

/** A list, or text with commas whose spaces do not count; of types, and of categories that stand for some. */
function typesOf(value: unknown, path: string, contract: WireContract<StreamContract>): readonly string[] {
  const listed = typeof value === "string" ? value.replaceAll(/\s/g, "").split(",") : (value ?? []);
  if (!Array.isArray(listed)) return refuse(path, "a list of event types, or text with commas between them", value);
  const { filter } = contract.declaration;
  const categories = Object.entries((filter.kind === "none" ? undefined : filter.categories) ?? {});
  const named = new Map(categories.map(([name, of]) => [withoutSpaces(name), of]));
  const types = listed
    .filter((type) => !isUnset(type))
    .flatMap((type) => named.get(withoutSpaces(textOf(type, path))) ?? [textOf(type, path)]);
  for (const type of types) eventTypeOf(contract, type, path);
  return [...new Set(types)];
}

const withoutSpaces = (text: string): string => text.replaceAll(/\s/g, "").toLowerCase();
