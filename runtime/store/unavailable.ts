/*
 * Faults of the database that pass without anybody changing a line of code: it is not there yet, restarts, is full,
 * locked, read-only or out of connections. Everything else is a fault of ours, or of the configuration.
 */

/** By SQLSTATE, or its class of two characters. */
const sqlStates: Readonly<Record<string, string>> = {
  "08": "the connection broke",
  "08P01": "the connection was refused by what stands before the database",
  "25006": "the database is read-only",
  "3D000": "the database does not exist",
  "53": "the database has no resources left",
  "53100": "the disk of the database is full",
  "53300": "the database has no connections left",
  "55006": "another process serves it",
  "55P03": "a lock was not given in time",
  "57014": "a statement took too long",
  "57P01": "the database shuts down",
  "57P02": "the database crashed and restarts",
  "57P03": "the database is starting, stopping or recovering",
  "57P05": "the connection was idle for too long",
  "58": "the database cannot read or write its files",
};

/** By the primary result code of SQLite, which is the low byte of the extended one. */
const sqliteCodes: Readonly<Record<number, string>> = {
  5: "the file is locked by another process",
  6: "the file is locked by another process",
  8: "the file is read-only",
  10: "the disk cannot be read or written",
  13: "the disk is full",
  14: "the file cannot be opened",
};

const networkCodes: readonly string[] = [
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"],
  ...["ENOTFOUND", "EAI_AGAIN", "ENOENT", "ENOSPC", "EROFS"],
];

/** What `pg` itself says, without a code, of connections that it lost or did not get. */
const lostConnection = /Connection terminated|timeout exceeded when trying to connect|not queryable|Query read timeout/;

/** Why the database cannot be used at present, in words without an address or a secret. Null: the error is another one. */
export function unavailability(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof AggregateError) return error.errors.map(unavailability).find((each) => each !== null) ?? null;
  const { code, errcode, syscall } = error as Error & { code?: unknown; errcode?: unknown; syscall?: unknown };
  if (code === "ERR_SQLITE_ERROR" && typeof errcode === "number") return sqliteCodes[errcode & 0xff] ?? null;
  if (typeof code !== "string") return lostConnection.test(error.message) ? "the connection broke" : causeOf(error);
  if (networkCodes.includes(code)) return syscall === "open" ? `the file cannot be opened (${code})` : reach(code);
  if (!/^[0-9A-Z]{5}$/.test(code)) return causeOf(error);
  // Of what PgBouncer refuses, this stays so until it is configured otherwise.
  if (/unsupported startup parameter/.test(error.message)) return null;
  return sqlStates[code] ?? sqlStates[code.slice(0, 2)] ?? null;
}

function reach(code: string): string {
  return `it cannot be reached (${code})`;
}

function causeOf({ cause }: Error): string | null {
  return cause === undefined ? null : unavailability(cause);
}

export interface Waiting {
  readonly withinMs: number;
  readonly signal: AbortSignal;
  /** Called once for each reason. */
  readonly waitsFor: (reason: string) => void;
}

const tryEveryMs = 500;

/** Does the work, again and again while the database is unavailable. Throws its last error when the time is over. */
export async function whenAvailable<Answer>(work: () => Promise<Answer>, waiting: Waiting): Promise<Answer> {
  const endsAt = performance.now() + waiting.withinMs;
  let told: string | null = null;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const reason = unavailability(error);
      if (reason === null || waiting.signal.aborted || performance.now() >= endsAt) throw error;
      if (reason !== told) waiting.waitsFor(reason);
      told = reason;
      await pause(waiting.signal);
    }
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, tryEveryMs);
    signal.addEventListener("abort", end);
  });
}
