import type { ActionStore } from "../seams/action-store.ts";
import type { LiveProcess } from "../seams/process-store.ts";
import type { ActionSecrets } from "../secrets/action-secret.ts";

/**
 * Sees to it that every process signs with the same secret of an action whose secret is held in memory. Alone, a process
 * writes none of them down. With others beside it, each is sealed in the database; whoever starts alone after all of them
 * have ended forgets what is left of them there, as the memory they were held in is gone (R-AUTHIO-37).
 */
export function shareSecrets(store: Pick<ActionStore, "share" | "unshare">, secrets: Pick<ActionSecrets, "held">) {
  return async (others: readonly LiveProcess[], time: "first" | "again"): Promise<void> => {
    if (others.length > 0) await store.share(secrets.held());
    else if (time === "first") await store.unshare();
  };
}
