import { createHash } from "node:crypto";
import type { Action, ActionSecret, ActionStore, SharedSecret } from "../seams/action-store.ts";
import type { LiveProcess } from "../seams/process-store.ts";
import type { KeyRing } from "./key-ring.ts";
import { secretContext } from "./signing-secret.ts";

/** Signing secrets of actions, in the two ways in which they are kept. */
export interface ActionSecrets {
  /**
   * Gives the database's part of a new secret. One that is held in memory is sealed there only while there are `others`,
   * processes that have to sign with it as well.
   */
  readonly keep: (
    of: Pick<Action, "tenant" | "id" | "secretStorage">,
    secret: string,
    others: "others" | "none",
  ) => ActionSecret;
  /** Forgets a secret that was replaced. */
  readonly forget: (of: Pick<Action, "secretHash">) => void;
  /**
   * Gives the key that signs. Of a secret that was held in memory and is gone, since all processes were started again,
   * that is its hash (D-AUTHIO-10): signatures do not match until the secret is rotated (R-AUTHIO-37, R-AUTHIO-38).
   * Throws `secret_unreadable`.
   */
  readonly signing: (action: Action) => string;
  /** Seals the secrets that this process holds in memory, for the others. */
  readonly held: () => readonly SharedSecret[];
}

interface Held {
  readonly tenant: string;
  readonly id: string;
  readonly secret: string;
}

export function createActionSecrets(keyRing: KeyRing): ActionSecrets {
  /** By their hashes, so that none is ever taken for another one. */
  const inMemory = new Map<string, Held>();
  const seal = (of: Pick<Action, "tenant" | "id">, secret: string) =>
    keyRing.seal(secret, secretContext(of, "current"));
  return {
    keep: (of, secret, others) => {
      const secretHash = createHash("sha256").update(secret, "utf8").digest("hex");
      if (of.secretStorage === "sealed") return { sealedSecret: seal(of, secret), sharedSecret: null, secretHash };
      inMemory.set(secretHash, { tenant: of.tenant, id: of.id, secret });
      return { sealedSecret: null, sharedSecret: others === "others" ? seal(of, secret) : null, secretHash };
    },
    forget: ({ secretHash }) => void inMemory.delete(secretHash),
    signing: (action) => {
      const { secretHash } = action;
      const held = inMemory.get(secretHash);
      if (held !== undefined) return held.secret;
      const sealed = action.sealedSecret ?? action.sharedSecret;
      return sealed === null ? secretHash : keyRing.open(sealed, secretContext(action, "current"));
    },
    held: () =>
      [...inMemory].map(([secretHash, { tenant, id, secret }]) => {
        return { tenant, id, secretHash, sharedSecret: seal({ tenant, id }, secret) };
      }),
  };
}

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
