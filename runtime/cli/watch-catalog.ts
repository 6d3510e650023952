import { readdirSync, watch, type FSWatcher } from "node:fs";
import { join } from "node:path";

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
  const watched = watchFolders(folder, () => {
    clearTimeout(waiting);
    waiting = setTimeout(runNext, quietMs);
  });
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  process.once("SIGINT", () => resolve()).once("SIGTERM", () => resolve());
  await runNext();
  console.log(`Watching ${folder}; Ctrl-C ends it.`);
  await stopped;
  watched.close();
  clearTimeout(waiting);
  await running;
}

/**
 * Each folder has a watcher of its own: with `recursive`, Node watches files on Linux, and loses one that an editor
 * replaces, which is how most of them save.
 */
function watchFolders(root: string, edited: () => void): { readonly close: () => void } {
  const watchers = new Map<string, FSWatcher>();
  const refresh = () => {
    const folders = new Set(foldersIn(root));
    for (const [folder, watcher] of watchers) if (!folders.has(folder)) forget(folder, watcher);
    for (const folder of folders) if (!watchers.has(folder)) watchers.set(folder, watchFolder(folder));
  };
  const forget = (folder: string, watcher: FSWatcher) => {
    watcher.close();
    watchers.delete(folder);
  };
  const watchFolder = (folder: string) =>
    watch(folder, (_event, file) => {
      refresh();
      // What is generated into the catalog is no TypeScript; a name without a dot may be a folder that came or went.
      if (file === null || file.endsWith(".ts") || !file.includes(".")) edited();
    }).on("error", refresh);
  refresh();
  return { close: () => [...watchers].forEach(([folder, watcher]) => forget(folder, watcher)) };
}

function foldersIn(root: string): readonly string[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const inner = entries.filter((entry) => entry.isDirectory());
  return [root, ...inner.map((entry) => join(entry.parentPath, entry.name))];
}
