import { createResealer } from "../maintenance.ts";
import { readSealing, type Environment } from "../config.ts";
import { liveForMs, type LiveProcess } from "../seams/process-store.ts";
import { countSealed, reseal, type Resealed } from "../secrets/reseal.ts";
import { openLocalKeyRing } from "../secrets/local-keys.ts";

export interface KeysFlags {
  readonly json?: true;
  readonly dryRun?: true;
  /** Rotates while a live process does not know the newest key. */
  readonly force?: true;
}

/** Opens what the environment names, or says what is wrong with it. */
async function open(environment: Environment) {
  const read = readSealing(environment);
  if ("problems" in read) {
    console.error(`The configuration cannot be used:\n${read.problems.map((each) => `  ${each}`).join("\n")}`);
    return null;
  }
  const ring = read.keyRing ?? openLocalKeyRing(read.database);
  return { ring, ...(await createResealer(read)) };
}

/** Says which key seals how many values, and who knows it. Exit status 1 when one of them is not in the ring. */
export async function runKeysStatus({ json }: KeysFlags, environment: Environment): Promise<0 | 1> {
  const opened = await open(environment);
  if (opened === null) return 1;
  const { ring, sealed, processes, close } = opened;
  try {
    const counts = await countSealed(sealed, ring);
    const live = await processes.live();
    const ids = [...new Set([...ring.ids, ...Object.keys(counts)])];
    const keys = ids.map((id) => ({
      id,
      count: counts[id] ?? 0,
      isNewest: id === ring.newestId,
      isKnown: ring.ids.includes(id),
      processCount: live.filter(({ keyIds }) => keyIds.includes(id)).length,
      sealingProcessCount: live.filter(({ keyIds }) => keyIds[0] === id).length,
    }));
    const lines = keys.map((key) => `${lineOf(key)}, known to ${key.processCount} of ${countOf(live)}`);
    console.log(json ? JSON.stringify({ keys, processCount: live.length }, null, 2) : lines.join("\n"));
    return keys.every(({ isKnown }) => isKnown) ? 0 : 1;
  } finally {
    await close();
  }
}

interface KeyLine {
  readonly id: string;
  readonly count: number;
  readonly isNewest: boolean;
  readonly isKnown: boolean;
  /** Live processes that seal with it. */
  readonly sealingProcessCount: number;
}

function lineOf(key: KeyLine): string {
  const isUsed = key.count > 0 || key.sealingProcessCount > 0;
  const note = key.isNewest ? "seals" : key.isKnown ? (isUsed ? "opens" : "can go") : "is not in the ring";
  return `${key.id.padEnd(32)} ${String(key.count).padStart(9)}  ${note}`;
}

/**
 * Seals everything with the newest key. SIGINT and SIGTERM end it after a step. Exit status 1 when something stays unread,
 * and when nothing was done as a live process does not know that key.
 */
export async function runKeysRotate({ json, dryRun, force }: KeysFlags, environment: Environment): Promise<0 | 1> {
  const opened = await open(environment);
  if (opened === null) return 1;
  const { ring, sealed, processes, close } = opened;
  const strangers = strangersTo(ring.newestId, await processes.live());
  if (strangers !== null && !dryRun && !force) {
    console.error(`error: ${strangers}\n${remedy}`);
    await close();
    return 1;
  }
  if (strangers !== null) console.error(`warning: ${strangers}`);
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const isWatched = process.stderr.isTTY && !json;
  const onStep = (soFar: Resealed) => void (isWatched && process.stderr.write(`\r${soFar.resealedCount} resealed`));
  try {
    const does = dryRun ? "count" : "reseal";
    const resealed = await reseal(sealed, ring, { does, signal: stopping.signal, onStep });
    if (isWatched) process.stderr.write("\r\u001b[K");
    const summary = {
      dryRun: does === "count",
      isComplete: !stopping.signal.aborted,
      newestKey: ring.newestId,
      ...resealed,
    };
    console.log(json ? JSON.stringify(summary, null, 2) : textOf(summary));
    return resealed.unreadableCount === 0 && summary.isComplete ? 0 : 1;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    await close();
  }
}

function textOf(of: Resealed & { dryRun: boolean; isComplete: boolean; newestKey: string }): string {
  const verb = of.dryRun ? "would be sealed" : "sealed";
  const lines = [`${of.resealedCount} ${verb} with the key ${of.newestKey}, ${of.currentCount} were already.`];
  if (of.unreadableCount > 0) lines.push(`${of.unreadableCount} are opened by no key of the ring; put theirs back.`);
  if (!of.isComplete) lines.push("Stopped before the end; run it again to go on.");
  return lines.join("\n");
}

/** Says which live processes do not know a key, and what that comes to. Null: all of them know it. */
function strangersTo(keyId: string, processes: readonly LiveProcess[]): string | null {
  const strangers = processes.filter(({ keyIds }) => !keyIds.includes(keyId));
  if (strangers.length === 0) return null;
  const verb = strangers.length === 1 ? "does" : "do";
  const names = strangers.map(({ host, pid, keyIds }) => `${host}, pid ${pid}, which knows ${keyIds.join(", ")}`);
  return (
    `${strangers.length} of ${countOf(processes)} ${verb} not know the key ${keyId}:\n` +
    `${names.map((name) => `  ${name}\n`).join("")}` +
    "What is sealed with it they cannot open: deliveries wait for a process that can, questions and log streams fail."
  );
}

const remedy =
  "Start them with the keys of this command, in any order, and rotate then; or rotate all the same with --force. " +
  `A process that died without a word counts for another ${liveForMs / 1000} seconds.`;

const countOf = ({ length }: readonly LiveProcess[]) => `${length} live process${length === 1 ? "" : "es"}`;
