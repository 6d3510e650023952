import { watch } from "node:fs";

/** An editor writes a file in several steps; they are one edit. */
const quietMs = 25;

/**
 * Runs once, and again after each edit of a TypeScript file in the folder, one run at a time; an edit during a run is
 * followed by another. Resolves on SIGINT or SIGTERM, after the run that is under way.
 */
export async function watchCatalog(folder: string, run: () => Promise<void>): Promise<void> {
  let waiting: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const runNext = () => (running = running.then(run));
  const watcher = watch(folder, { recursive: true }, (_event, file) => {
    // What is generated into the folder is no TypeScript.
    if (file !== null && !file.endsWith(".ts")) return;
    clearTimeout(waiting);
    waiting = setTimeout(runNext, quietMs);
  });
  const { promise: stopped, resolve, reject } = Promise.withResolvers<void>();
  process.once("SIGINT", () => resolve()).once("SIGTERM", () => resolve());
  watcher.once("error", reject);
  await runNext();
  console.log(`Watching ${folder}; Ctrl-C ends it.`);
  try {
    await stopped;
  } finally {
    watcher.close();
    clearTimeout(waiting);
    await running;
  }
}
