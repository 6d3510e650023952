import { createHash } from "node:crypto";
import type { Action, ActionSecret } from "../seams/action-store.ts";
import type { KeyRing } from "./key-ring.ts";
import { secretContext } from "./signing-secret.ts";

/** Signing secrets of actions, in the two ways in which they are kept. */
export interface ActionSecrets {
  /** What the database gets of a new secret. */
  readonly keep: (of: Pick<Action, "tenant" | "id" | "secretStorage">, secret: string) => ActionSecret;
  /** Forgets a secret that was replaced. */
  readonly forget: (of: Pick<Action, "secretHash">) => void;
  /**
   * What signs. Of a secret that was held in memory and is gone, since the process was started again or another one made
   * it, that is its hash (D-AUTHIO-10): signatures do not match until the secret is rotated (R-AUTHIO-37, R-AUTHIO-38).
   * Throws `secret_unreadable`.
   */
  readonly signing: (action: Action) => string;
}

export function createActionSecrets(keyRing: KeyRing): ActionSecrets {
  /** By their hashes, so that none is ever taken for another one. */
  const inMemory = new Map<string, string>();
  return {
    keep: (of, secret) => {
      const secretHash = createHash("sha256").update(secret, "utf8").digest("hex");
      if (of.secretStorage === "sealed") {
        return { sealedSecret: keyRing.seal(secret, secretContext(of, "current")), secretHash };
      }
      inMemory.set(secretHash, secret);
      return { sealedSecret: null, secretHash };
    },
    forget: ({ secretHash }) => void inMemory.delete(secretHash),
    signing: (action) => {
      const { sealedSecret, secretHash } = action;
      if (sealedSecret !== null) return keyRing.open(sealedSecret, secretContext(action, "current"));
      return inMemory.get(secretHash) ?? secretHash;
    },
  };
}
