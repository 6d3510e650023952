import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type OpenedStore } from "../../../runtime/store/open-store.ts";
import type { StoreHarness } from "./suite/harness.ts";

/** A folder that is gone when `dispose` is called. */
export async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "hookwright-"));
  return { path, dispose: () => rm(path, { recursive: true }) };
}

/** A store in a file of its own. */
export async function openSqliteHarness(): Promise<StoreHarness> {
  const folder = await temporaryFolder();
  const opened: OpenedStore[] = [];
  const openAnother = async () => {
    const store = await openStore({ database: join(folder.path, "store.db") });
    opened.push(store);
    return store;
  };
  const dispose = async () => {
    for (const store of opened) await store.close();
    await folder.dispose();
  };
  return { store: await openAnother(), openAnother, statementsOfRepeat: 1, dispose };
}
