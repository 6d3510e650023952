import { createResealer } from "../app.ts";
import { readSealing, type Environment } from "../config.ts";
import { countSealed, reseal, type Resealed } from "../secrets/reseal.ts";
import { openLocalKeyRing } from "../secrets/local-keys.ts";

export interface KeysFlags {
  readonly json?: true;
  readonly dryRun?: true;
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

/** Says which key seals how many values. Exit status 1 when one of them is not in the ring. */
export async function runKeysStatus({ json }: KeysFlags, environment: Environment): Promise<0 | 1> {
  const opened = await open(environment);
  if (opened === null) return 1;
  const { ring, sealed, close } = opened;
  try {
    const counts = await countSealed(sealed, ring);
    const ids = [...new Set([...ring.ids, ...Object.keys(counts)])];
    const keys = ids.map((id) => ({
      id,
      count: counts[id] ?? 0,
      isNewest: id === ring.newestId,
      isKnown: ring.ids.includes(id),
    }));
    console.log(json ? JSON.stringify({ keys }, null, 2) : keys.map(lineOf).join("\n"));
    return keys.every(({ isKnown }) => isKnown) ? 0 : 1;
  } finally {
    await close();
  }
}

function lineOf(key: { id: string; count: number; isNewest: boolean; isKnown: boolean }): string {
  const note = key.isNewest ? "seals" : key.isKnown ? (key.count === 0 ? "can go" : "opens") : "is not in the ring";
  return `${key.id.padEnd(32)} ${String(key.count).padStart(9)}  ${note}`;
}

/** Seals everything with the newest key. SIGINT and SIGTERM end it after a step. Exit status 1 when something stays unread. */
export async function runKeysRotate({ json, dryRun }: KeysFlags, environment: Environment): Promise<0 | 1> {
  const opened = await open(environment);
  if (opened === null) return 1;
  const { ring, sealed, close } = opened;
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
