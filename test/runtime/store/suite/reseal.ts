import { describe, expect, test } from "vitest";
import { countSealed, reseal } from "../../../../runtime/secrets/reseal.ts";
import { createIdempotency } from "../../../../runtime/access/idempotency.ts";
import { sealedPlaces } from "../../../../runtime/seams/sealed-store.ts";
import { createActionSecrets } from "../../../../runtime/secrets/action-secret.ts";
import { openKeyRing, type KeyRing } from "../../../../runtime/secrets/key-ring.ts";
import { openSecret, sealingContext, secretContext } from "../../../../runtime/secrets/signing-secret.ts";
import type { StreamSettings } from "../../../../runtime/seams/stream-store.ts";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import { createFakeClock } from "../../../fake-clock.ts";
import { createEndpoint, fact, use, type OpenHarness, told } from "./harness.ts";

const sealingKey = (id: string, byte: number) => ({ id, key: new Uint8Array(32).fill(byte) });
const [older, newer] = [sealingKey("key1", 1), sealingKey("key2", 2)] as const;
const before = openKeyRing([older]);
const after = openKeyRing([newer, older]);

const action = {
  ...{ contract: "authio", trigger: "pre_token_mint", url: "https://example.com/ask", timeoutMs: 1000 },
  ...({ failMode: "open", enabled: true, secretStorage: "sealed", killedAt: null, killedReason: null } as const),
  ...{ countedSince: 1, createdAt: 1, updatedAt: 1 },
};
const settings: StreamSettings = {
  ...{
    url: "https://example.com/batch",
    schedule: null,
    delaySeconds: 0,
    batchSize: 1,
    sends: "batch",
    concurrency: 1,
  },
  ...{ startFrom: null, level: null, types: [], noticeOnSuccess: false, onExhausted: "hold" },
};

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
          if (of[0].row[0] === raced && of[0].place === "endpoint_secret" && (races += 1) === 1) {
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

    test("finds every column that is sealed, and binds each value to its row as it was", async () => {
      const { store } = await use(open);
      const of = { tenant: "org_1", id: "act_1" };
      await furnish(store, 1);
      const actionSecret = createActionSecrets(before).keep(
        { ...of, secretStorage: "sealed" },
        "of the action",
        "none",
      );
      await store.actions.create({ ...action, ...of, ...actionSecret }, { activeMax: null, facts: [fact()] });
      const remembered = { ...action, tenant: "org_1", id: "act_2", secretStorage: "memory" } as const;
      const heldSecret = createActionSecrets(before).keep(remembered, "held in memory", "others");
      await store.actions.create({ ...remembered, ...heldSecret }, { activeMax: null, facts: [fact()] });
      const stream = { tenant: "org_1", id: "lgs_1" };
      const sealedFor = (place: "authorization" | "notice_url") => before.seal(place, sealingContext(stream, place));
      await store.streams.create(
        {
          ...{ ...stream, contract: "auth0", settings, createdAt: 1, dueAt: 1, position: 0 },
          ...{ sealedAuthorization: sealedFor("authorization"), sealedNoticeUrl: sealedFor("notice_url") },
        },
        told,
      );
      const key = { tenant: "org_1", id: "sgk_1" };
      const sealed = before.seal("of the tenant", sealingContext(key, "signing_key"));
      await store.signingKeys.create(
        { ...key, contract: "authsignal", sealed, createdAt: 1 },
        { activeMax: 9, facts: told() },
      );
      const request = { tenant: "org_1", actorId: "operator", key: "once", fingerprint: "f" };
      const idempotencyWith = (keyRing: KeyRing) =>
        createIdempotency({ store: store.idempotency, keyRing, clock: createFakeClock(1_000_000) });
      const begun = await idempotencyWith(before).begin(request);
      if ("claim" in begun) await begun.claim.complete({ status: 201, body: "the first answer" });

      expect(await countSealed(store.sealed, after)).toEqual({ key1: sealedPlaces.length });
      expect(await reseal(store.sealed, after, { does: "reseal" })).toMatchObject({
        resealedCount: sealedPlaces.length,
        unreadableCount: 0,
      });
      const newest = openKeyRing([newer]);
      const kept = await store.actions.get(of);
      expect(kept === null ? null : createActionSecrets(newest).signing(kept)).toBe("of the action");
      const shared = await store.actions.get(remembered);
      expect(shared === null ? null : createActionSecrets(newest).signing(shared)).toBe("held in memory");
      const [found] = await store.streams.list({ tenant: "org_1" });
      expect(newest.open(found?.sealedAuthorization ?? "", sealingContext(stream, "authorization"))).toBe(
        "authorization",
      );
      expect(newest.open(found?.sealedNoticeUrl ?? "", sealingContext(stream, "notice_url"))).toBe("notice_url");
      const [held] = await store.signingKeys.list({ tenant: "org_1", contract: "authsignal" });
      expect(newest.open(held?.sealed ?? "", sealingContext(key, "signing_key"))).toBe("of the tenant");
      expect(await idempotencyWith(newest).begin(request)).toEqual({
        repeat: { status: 201, body: "the first answer" },
      });

      const tables = await store.database.introspection.getTables();
      const columns = tables.flatMap(({ name, columns: all }) => all.map((column) => `${name}.${column.name}`));
      // Every one but these holds a value that was furnished here.
      expect(columns.filter((name) => /^hookwright_.*sealed/.test(name))).toHaveLength(sealedPlaces.length);
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
