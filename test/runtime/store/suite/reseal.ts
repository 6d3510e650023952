import { describe, expect, test } from "vitest";
import { countSealed, reseal } from "../../../../runtime/reseal.ts";
import { openKeyRing } from "../../../../runtime/secrets/key-ring.ts";
import { openSecret, secretContext } from "../../../../runtime/secrets/signing-secret.ts";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import { createEndpoint, fact, use, type OpenHarness } from "./harness.ts";

const sealingKey = (id: string, byte: number) => ({ id, key: new Uint8Array(32).fill(byte) });
const [older, newer] = [sealingKey("key1", 1), sealingKey("key2", 2)] as const;
const before = openKeyRing([older]);
const after = openKeyRing([newer, older]);

/** Endpoints with two secrets each, sealed with the older key. */
async function furnish(store: OpenedStore, count: number) {
  const ids = Array.from({ length: count }, (_, index) => `whe_sealed_${index}`);
  for (const id of ids) {
    const of = { tenant: "org_1", id };
    const seal = (which: "current" | "previous") => before.seal(`${which} of ${id}`, secretContext(of, which));
    await createEndpoint(store, { ...of, sealedSecret: seal("current") });
    const secrets = { sealedSecret: seal("current"), previousSecret: { sealed: seal("previous"), expiresAt: 9 } };
    await store.endpoints.rotate(
      { ...of, at: 5 },
      () => secrets,
      () => [fact()],
    );
  }
  return ids;
}

export function describeReseal(open: OpenHarness): void {
  describe("sealing anew (R-STECH-52)", () => {
    test("seals every value with the newest key, in its own row, beside a writer", async () => {
      const { store, openAnother } = await use(open);
      const ids = await furnish(store, 6);
      const [raced = ""] = ids;
      const other = await openAnother();
      const racedOf = { tenant: "org_1", id: raced };
      let races = 0;
      const racing = {
        ...store.sealed,
        // Another process, whose ring is the older one, replaces a secret between the read and the write.
        replace: async (...of: Parameters<typeof store.sealed.replace>) => {
          if (of[0].id === raced && of[0].place === "signing_secret" && (races += 1) === 1) {
            const sealedSecret = before.seal("from elsewhere", secretContext(racedOf, "current"));
            await other.endpoints.rotate(
              { ...racedOf, at: 6 },
              () => ({ sealedSecret, previousSecret: null }),
              () => [fact()],
            );
          }
          return store.sealed.replace(...of);
        },
      };
      expect(await countSealed(store.sealed, after)).toEqual({ key1: 12 });
      expect(await reseal(store.sealed, after, { does: "count" })).toMatchObject({ resealedCount: 12 });
      expect(await countSealed(store.sealed, after)).toEqual({ key1: 12 });
      const resealed = await reseal(racing, after, { does: "reseal" });
      expect(resealed).toEqual({ resealedCount: 11, currentCount: 0, unreadableCount: 0 });
      expect(await countSealed(store.sealed, after)).toEqual({ key2: 11 });
      const newest = openKeyRing([newer]);
      for (const endpoint of await store.endpoints.list({ tenant: "org_1", contract: "stech" })) {
        const current = endpoint.id === raced ? "from elsewhere" : `current of ${endpoint.id}`;
        expect(openSecret(newest, endpoint, "current")).toBe(current);
        if (endpoint.id !== raced) expect(openSecret(newest, endpoint, "previous")).toBe(`previous of ${endpoint.id}`);
      }
    });

    test("goes on where it was stopped, and leaves what it cannot open", async () => {
      const { store } = await use(open);
      await furnish(store, 2);
      await createEndpoint(store, { sealedSecret: "v1.lost.a.b.c" });
      let written = 0;
      const stopped = {
        ...store.sealed,
        replace: async (...of: Parameters<typeof store.sealed.replace>) => {
          if ((written += 1) === 3) throw new Error("killed");
          return store.sealed.replace(...of);
        },
      };
      await expect(reseal(stopped, after, { does: "reseal" })).rejects.toThrow("killed");
      const rest = await reseal(store.sealed, after, { does: "reseal" });
      expect(rest).toEqual({ resealedCount: 2, currentCount: 2, unreadableCount: 1 });
      expect(await countSealed(store.sealed, after)).toEqual({ key2: 4, lost: 1 });
    });
  });
}
