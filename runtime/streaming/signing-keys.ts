import type { KeyObject } from "node:crypto";
import type { Contract, Secret } from "../../catalog/contract.ts";
import { actorOf, type By } from "../actor.ts";
import type { Clock } from "../seams/clock.ts";
import { contractOf } from "../contracts/contract-of.ts";
import type { NewId, Random } from "../contracts/identifier.ts";
import { signingKeys } from "../contracts/signature.ts";
import type { WireCatalog } from "../contracts/wire-contract.ts";
import type { RenderFact } from "../events.ts";
import { HookwrightError } from "../errors.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { newSecret, sealingContext } from "../secrets/signing-secret.ts";
import type { SigningKey, SigningKeyStore } from "../seams/stream-store.ts";

interface OfTenant {
  readonly tenant: string;
  readonly contract: string;
}

/**
 * The keys of a tenant, each of which signs all that is sent to it (F-AUTHSIGNAL-04, D-AUTHSIGNAL-07). Each change is
 * written together with the event that says so.
 */
export interface SigningKeys {
  /** The key is shown this once. Throws `limit_reached` when as many are active as the contract allows. */
  readonly create: (of: OfTenant & By) => Promise<{ readonly signingKey: SigningKey; readonly key: string }>;
  /** Newest first. */
  readonly list: (of: OfTenant) => Promise<readonly SigningKey[]>;
  /** It signs nothing from the answer on. Throws `not_found`. */
  readonly revoke: (of: { readonly tenant: string; readonly id: string } & By) => Promise<void>;
  /** What a tenant's requests are signed with now, newest first. */
  readonly open: (of: OfTenant) => Promise<readonly KeyObject[]>;
}

export interface SigningKeyParts {
  readonly store: SigningKeyStore;
  readonly catalog: WireCatalog;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly random: Random;
  readonly renderFact: RenderFact;
  /** Called when a fact was appended. */
  readonly wake: () => void;
}

export function createSigningKeys(parts: SigningKeyParts): SigningKeys {
  const { store, catalog, keyRing, clock, newId, random, renderFact } = parts;
  return {
    create: async ({ tenant, contract, actorId }) => {
      const { secret, activeMax } = tenantSecret(contractOf(catalog, contract).declaration);
      const createdAt = clock.now();
      const id = newId({ prefix: "sgk_", format: "uuid" }, createdAt);
      const key = newSecret(secret, random);
      const sealed = keyRing.seal(key, sealingContext({ tenant, id }, "signing_key"));
      const made = { id, tenant, contract, sealed, createdAt };
      const data = { signingKeyId: id, contract, ...actorOf({ actorId }) };
      const facts = renderFact({ type: "signing_key.created", tenant, data });
      if (await store.create(made, { activeMax, facts })) {
        parts.wake();
        return { signingKey: made, key };
      }
      const message = `The tenant has ${activeMax} active keys of the contract "${contract}", which is as many as there may be.`;
      throw new HookwrightError("limit_reached", message);
    },
    list: async (of) => {
      tenantSecret(contractOf(catalog, of.contract).declaration);
      return store.list(of);
    },
    revoke: async ({ tenant, id, actorId }) => {
      const isRemoved = await store.remove({ tenant, id }, ({ contract }) => {
        const data = { signingKeyId: id, contract, ...actorOf({ actorId }) };
        return renderFact({ type: "signing_key.revoked", tenant, data });
      });
      if (!isRemoved) throw new HookwrightError("not_found", `There is no signing key ${JSON.stringify(id)}.`);
      parts.wake();
    },
    open: async (of) => {
      const { declaration } = contractOf(catalog, of.contract);
      if (declaration.signature === null) return [];
      const keys = await store.list(of);
      return keys.flatMap((key) =>
        signingKeys(keyRing.open(key.sealed, sealingContext(key, "signing_key")), declaration),
      );
    },
  };
}

/** Throws `invalid_request` for a contract whose requests tenants' keys do not sign. */
function tenantSecret({ id, secret }: Contract): { readonly secret: Secret; readonly activeMax: number } {
  if (secret?.scope === "tenant" && secret.rotation.kind === "keys") {
    return { secret, activeMax: secret.rotation.activeMax };
  }
  const message = `contract: expected one whose requests the tenant's keys sign, got ${JSON.stringify(id)}.`;
  throw new HookwrightError("invalid_request", message, { path: "contract" });
}
