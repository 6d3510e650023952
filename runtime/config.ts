import { anyAge, type Age, type RetentionAges } from "./retention/ages.ts";
import { HookwrightError } from "./errors.ts";
import { nearNames } from "./near-names.ts";
import type { NoticeTarget } from "./notices.ts";
import { parseAllowedTargets, type AllowedTarget } from "./outbound/allowed-targets.ts";
import { keyHash } from "./secrets/api-key.ts";
import { parseKeyRing, type KeyRing } from "./secrets/key-ring.ts";
import { isPostgresUrl, type PoolSettings } from "./store/postgres.ts";

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** What the environment says. */
export interface Config {
  /** A `postgres://` URL, the path of the SQLite file, or `:memory:`. Such a URL may hold a password: not for a log. */
  readonly database: string;
  readonly pool: PoolSettings;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** `local` takes http:// URLs and makes the keys that are missing; `production` asks for them. */
  readonly mode: "local" | "production";
  /** SHA-256 of the operator's key. Null: none was given, which only `local` allows. */
  readonly adminKeyHash: string | null;
  /** Null: none was given, which only `local` allows. */
  readonly keyRing: KeyRing | null;
  /** SHA-256 of the key that reads metrics and nothing else. Null: the operator's key reads them alone. */
  readonly metricsKeyHash: string | null;
  /** Where metrics are served beside the API, to whoever has that key, if there is one. Null: nowhere. 0: any free one. */
  readonly metricsPort: number | null;
  readonly allowTargets: readonly AllowedTarget[];
  readonly logLevel: (typeof logLevels)[number];
  /** What is older is dropped. Null: nothing is. */
  readonly retention: RetentionAges | null;
  /** Where the operator wants to be told what happens. Null: nowhere. */
  readonly notices: (NoticeTarget & { readonly allowTargets: readonly AllowedTarget[] }) | null;
  /** Of web pages that may read the API's answers. */
  readonly corsOrigins: readonly string[];
  /** Of web pages that may show the dashboard in a frame. */
  readonly frameAncestors: readonly string[];
  /** Requests a second. */
  readonly rateLimits: { readonly perKey: number | null; readonly perTenant: number | null };
  /** How long requests are served after SIGTERM while `/readyz` says 503. */
  readonly drainSeconds: number;
  /** How long everything after the drain may take. */
  readonly graceSeconds: number;
  /** How long the database is waited for at the start. */
  readonly databaseWaitSeconds: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const variables = [
  "HOOKWRIGHT_DATABASE_URL",
  "HOOKWRIGHT_DATABASE_SCHEMA",
  "HOOKWRIGHT_DATABASE_POOL",
  "HOOKWRIGHT_HOST",
  "HOOKWRIGHT_PORT",
  "HOOKWRIGHT_ADMIN_KEY",
  "HOOKWRIGHT_SECRET_KEYS",
  "HOOKWRIGHT_MODE",
  "HOOKWRIGHT_ALLOW_TARGETS",
  "HOOKWRIGHT_LOG_LEVEL",
  "HOOKWRIGHT_RETENTION_DAYS",
  "HOOKWRIGHT_PAYLOAD_DAYS",
  "HOOKWRIGHT_FAILED_DAYS",
  "HOOKWRIGHT_KEY_RATE",
  "HOOKWRIGHT_TENANT_RATE",
  "HOOKWRIGHT_CORS_ORIGINS",
  "HOOKWRIGHT_FRAME_ANCESTORS",
  "HOOKWRIGHT_NOTICE_URL",
  "HOOKWRIGHT_NOTICE_FORMAT",
  "HOOKWRIGHT_NOTICE_TARGETS",
  "HOOKWRIGHT_DRAIN_SECONDS",
  "HOOKWRIGHT_GRACE_SECONDS",
  "HOOKWRIGHT_DATABASE_WAIT_SECONDS",
  "HOOKWRIGHT_METRICS_KEY",
  "HOOKWRIGHT_METRICS_PORT",
] as const;
type Variable = (typeof variables)[number];

/** Those of the commands that talk to a server; to the server itself they say nothing. */
const commandVariables = ["HOOKWRIGHT_API_URL", "HOOKWRIGHT_API_KEY", "HOOKWRIGHT_TENANT"];

/** 32 characters of a random alphabet are beyond guessing even by an attacker who can try at will. */
const adminKeyLengthMin = 32;

/**
 * Reads the configuration from `HOOKWRIGHT_…` variables; an empty one counts as not set. Names all problems at once, and
 * never a value that may be a secret.
 */
export function readConfig(
  environment: Environment,
): { readonly config: Config } | { readonly problems: readonly string[] } {
  const problems = unknownVariables(environment);
  const read = reader(environment, problems);
  const mode = read<Config["mode"]>("HOOKWRIGHT_MODE", oneOf(["local", "production"]), "local");
  const config: Config = {
    ...readDatabaseSettings(read),
    host: read("HOOKWRIGHT_HOST", parseHost, mode === "local" ? "127.0.0.1" : "0.0.0.0"),
    port: read("HOOKWRIGHT_PORT", parsePort, 8080),
    mode,
    adminKeyHash: read<string | null>("HOOKWRIGHT_ADMIN_KEY", parseKey, null),
    keyRing: read<KeyRing | null>("HOOKWRIGHT_SECRET_KEYS", parseSecretKeys, null),
    metricsKeyHash: read<string | null>("HOOKWRIGHT_METRICS_KEY", parseKey, null),
    metricsPort: read<number | null>("HOOKWRIGHT_METRICS_PORT", parsePort, null),
    allowTargets: read("HOOKWRIGHT_ALLOW_TARGETS", parseTargets, []),
    logLevel: read("HOOKWRIGHT_LOG_LEVEL", oneOf(logLevels), "info"),
    retention: readRetention(read),
    notices: readNotices(read),
    corsOrigins: read<readonly string[]>("HOOKWRIGHT_CORS_ORIGINS", parseOrigins, []),
    frameAncestors: read<readonly string[]>("HOOKWRIGHT_FRAME_ANCESTORS", parseOrigins, []),
    rateLimits: {
      perKey: read<number | null>("HOOKWRIGHT_KEY_RATE", parseRate, mode === "local" ? null : 100),
      perTenant: read<number | null>("HOOKWRIGHT_TENANT_RATE", parseRate, mode === "local" ? null : 500),
    },
    drainSeconds: read("HOOKWRIGHT_DRAIN_SECONDS", seconds(0), mode === "local" ? 0 : 5),
    graceSeconds: read("HOOKWRIGHT_GRACE_SECONDS", seconds(1), 25),
    databaseWaitSeconds: read("HOOKWRIGHT_DATABASE_WAIT_SECONDS", seconds(0), 60),
  };
  // Beside a file, keys that are missing can be made and kept; every process on one PostgreSQL has to have the same.
  const reason = mode === "production" ? "in production" : isPostgresUrl(config.database) ? "with PostgreSQL" : null;
  if (reason !== null) problems.push(...missingKeys(environment, reason));
  return problems.length === 0 ? { config } : { problems };
}

/** The database alone, for what needs no keys. */
export function readDatabase(
  environment: Environment,
): Pick<Config, "database" | "pool"> | { readonly problems: readonly string[] } {
  const problems = unknownVariables(environment);
  const settings = readDatabaseSettings(reader(environment, problems));
  return problems.length === 0 ? settings : { problems };
}

/** The database and what its secrets are sealed with, for what needs no more. The ring is null in local mode without one. */
export function readSealing(
  environment: Environment,
): Pick<Config, "database" | "pool" | "keyRing"> | { readonly problems: readonly string[] } {
  const problems = unknownVariables(environment);
  const read = reader(environment, problems);
  const { database, pool } = readDatabaseSettings(read);
  const keyRing = read<KeyRing | null>("HOOKWRIGHT_SECRET_KEYS", parseSecretKeys, null);
  if (keyRing === null && problems.length === 0 && isPostgresUrl(database))
    problems.push("HOOKWRIGHT_SECRET_KEYS: expected id:base64 of 32 bytes with PostgreSQL, got nothing.");
  return problems.length === 0 ? { database, pool, keyRing } : { problems };
}

/** Format and targets are read without a URL too, so that what is wrong with them is told before there is one. */
function readNotices(read: Read): Config["notices"] {
  const url = read<URL | null>("HOOKWRIGHT_NOTICE_URL", parseNoticeUrl, null);
  const format = read<NoticeTarget["format"]>("HOOKWRIGHT_NOTICE_FORMAT", oneOf(["slack", "json"]), "slack");
  const allowTargets = read("HOOKWRIGHT_NOTICE_TARGETS", parseTargets, []);
  return url === null ? null : { url, format, allowTargets };
}

/** Never shown: such a URL is what gives the right to post. */
function parseNoticeUrl(text: string): Parsed<URL> {
  const url = URL.parse(text);
  const isHttp = url?.protocol === "https:" || url?.protocol === "http:";
  return url !== null && isHttp ? { value: url } : problem("expected an https:// or http:// URL");
}

function readDatabaseSettings(read: Read): Pick<Config, "database" | "pool"> {
  const schema = read<string | null>("HOOKWRIGHT_DATABASE_SCHEMA", parseSchema, null);
  return {
    database: read("HOOKWRIGHT_DATABASE_URL", parseDatabase, "./data/hookwright.db"),
    pool: { poolMax: read("HOOKWRIGHT_DATABASE_POOL", parsePoolMax, 10), ...(schema !== null && { schema }) },
  };
}

/** PostgreSQL cuts a longer name off, and would then look into another schema. */
function parseSchema(text: string): Parsed<string> {
  return Buffer.byteLength(text) <= 63
    ? { value: text }
    : problem(`expected the name of a schema of at most 63 bytes, got ${Buffer.byteLength(text)}`);
}

/** The engine and the requests need two at the same time. */
function parsePoolMax(text: string): Parsed<number> {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return value >= 2 ? { value } : problem(`expected connections from 2 to 9999, got ${JSON.stringify(text)}`);
}

function reader(environment: Environment, problems: string[]): Read {
  return (name, parse, fallback) => {
    const text = environment[name];
    if (text === undefined || text === "") return fallback;
    const parsed = parse(text);
    if ("value" in parsed) return parsed.value;
    problems.push(...parsed.problems.map((each) => `${name}: ${each}.`));
    return fallback;
  };
}

type Parsed<Value> = { readonly value: Value } | { readonly problems: readonly string[] };
type Read = <Value>(name: Variable, parse: (text: string) => Parsed<Value>, fallback: Value) => Value;

function problem(text: string): { readonly problems: readonly string[] } {
  return { problems: [text] };
}

function unknownVariables(environment: Environment): string[] {
  const known: readonly string[] = [...variables, ...commandVariables].map(withoutPrefix);
  const given = Object.keys(environment).filter((name) => name.startsWith(prefix));
  const unknown = given.map(withoutPrefix).filter((name) => !known.includes(name));
  return unknown.map((name) => {
    const [nearest] = nearNames(name, known);
    const remedy =
      nearest === undefined ? `the variables are ${variables.join(", ")}.` : `did you mean ${prefix}${nearest}?`;
    return `${prefix}${name}: there is no such variable; ${remedy}`;
  });
}

const prefix = "HOOKWRIGHT_";

function withoutPrefix(name: string): string {
  return name.slice(prefix.length);
}

function missingKeys(environment: Environment, reason: string): string[] {
  const wanted = {
    HOOKWRIGHT_ADMIN_KEY: `expected a key of at least ${adminKeyLengthMin} characters ${reason}, got nothing`,
    HOOKWRIGHT_SECRET_KEYS: `expected id:base64 of 32 bytes ${reason}, got nothing`,
  };
  return Object.entries(wanted)
    .filter(([name]) => (environment[name] ?? "") === "")
    .map(([name, text]) => `${name}: ${text}.`);
}

function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Parsed<Word> {
  return (text) => {
    const value = words.find((word) => word === text);
    const all = `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
    return value === undefined ? problem(`expected ${all}, got ${JSON.stringify(text)}`) : { value };
  };
}

/** The scheme alone is named: the rest of such a URL often holds a password. */
function parseDatabase(text: string): Parsed<string> {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return { value: text };
  if (isPostgresUrl(text)) return URL.canParse(text) ? { value: text } : problem("expected a valid postgres:// URL");
  return problem(`expected a postgres:// URL or the path of a SQLite file, got a URL with ${scheme}://`);
}

function parseHost(text: string): Parsed<string> {
  return /^[A-Za-z0-9.:_-]+$/.test(text)
    ? { value: text }
    : problem(`expected a host name or address to listen on, got ${JSON.stringify(text)}`);
}

function parsePort(text: string): Parsed<number> {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65535
    ? { value: Number(text) }
    : problem(`expected a port from 0 to 65535, got ${JSON.stringify(text)}`);
}

function seconds(min: 0 | 1): (text: string) => Parsed<number> {
  return (text) => {
    const value = /^\d{1,4}$/.test(text) ? Number(text) : -1;
    if (value >= min && value <= 3600) return { value };
    return problem(`expected whole seconds from ${min} to 3600, got ${JSON.stringify(text)}`);
  };
}

const dayMs = 24 * 3600 * 1000;

/** `90,stech:365`: so many days, and of a contract so many. */
function parseAge(text: string): Parsed<Age> {
  const byContract: Record<string, number> = {};
  let others: number | null = null;
  for (const part of text.split(",")) {
    const [, contract, digits = ""] = /^(?:([A-Za-z][A-Za-z0-9]*):)?(\d{1,5})$/.exec(part.trim()) ?? [];
    const days = Number(digits);
    if (digits === "" || days < 1 || days > 36_500)
      return problem(`expected a number of days from 1 to 36500, or "90,contract:365", got ${JSON.stringify(text)}`);
    if (contract === undefined) others = days * dayMs;
    else byContract[contract] = days * dayMs;
  }
  return { value: { others, byContract } };
}

function readRetention(read: Read): RetentionAges | null {
  const events = read<Age>("HOOKWRIGHT_RETENTION_DAYS", parseAge, anyAge);
  const payloads = read<Age>("HOOKWRIGHT_PAYLOAD_DAYS", parseAge, anyAge);
  const failed = read<Age>("HOOKWRIGHT_FAILED_DAYS", parseAge, anyAge);
  return events === anyAge && payloads === anyAge ? null : { events, payloads, failed };
}

function parseKey(text: string): Parsed<string> {
  if (text.length < adminKeyLengthMin)
    return problem(`expected at least ${adminKeyLengthMin} characters, got ${text.length}`);
  // Anything else cannot stand in an Authorization header, so the key would never be recognised.
  if (!/^[\x21-\x7e]+$/.test(text)) return problem("expected printable ASCII characters without spaces");
  return { value: keyHash(text) };
}

function parseSecretKeys(text: string): Parsed<KeyRing> {
  try {
    return { value: parseKeyRing(text) };
  } catch (error) {
    if (error instanceof HookwrightError) return problem(error.message.replace(/^HOOKWRIGHT_SECRET_KEYS: |\.$/g, ""));
    throw error;
  }
}

/** As browsers write them in the header Origin: a scheme and a host in lower case, and a port that is not the usual one. */
function parseOrigins(text: string): Parsed<readonly string[]> {
  const origins = text.split(",").map((each) => each.trim());
  const wrong = origins.find((each) => !URL.canParse(each) || new URL(each).origin !== each);
  return wrong === undefined
    ? { value: origins }
    : problem(
        `expected origins such as https://console.acme.example, separated by commas, got ${JSON.stringify(wrong)}`,
      );
}

function parseRate(text: string): Parsed<number | null> {
  if (text === "off") return { value: null };
  const rate = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return rate >= 1
    ? { value: rate }
    : problem(`expected requests a second from 1 to 999999, or off, got ${JSON.stringify(text)}`);
}

function parseTargets(text: string): Parsed<readonly AllowedTarget[]> {
  const parsed = parseAllowedTargets(text);
  return "targets" in parsed ? { value: parsed.targets } : parsed;
}
