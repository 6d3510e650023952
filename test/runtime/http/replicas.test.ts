import { createHash, randomBytes } from "node:crypto";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { createApi } from "../../../runtime/api.ts";
import { createApp } from "../../../runtime/app.ts";
import { catalog } from "../../../runtime/generated/catalog.ts";
import { keyCacheMs } from "../../../runtime/access/key-cache.ts";
import { keyHash } from "../../../runtime/secrets/api-key.ts";
import { openKeyRing } from "../../../runtime/secrets/key-ring.ts";
import { createFakeClock } from "../../fake-clock.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { postgresDatabase } from "../store/temporary-postgres.ts";
import { operatorKey, start } from "./harness.ts";

describePostgres("two replicas on one PostgreSQL database", () => {
  const database = postgresDatabase();

  async function openReplica() {
    const clock = createFakeClock(start);
    const app = await createApp({
      database: await database.url(),
      catalog,
      keyRing: openKeyRing([{ id: "test", key: createHash("sha256").update("test").digest() }]),
      mode: "production",
      allowTargets: [],
      log: pino({ level: "silent" }),
      clock,
      random: randomBytes,
    });
    const api = createApi(app, { adminKeyHash: keyHash(operatorKey), isReady: () => true });
    onTestFinished(async () => {
      await api.close();
      await app.close();
    });
    const call = async (method: "GET" | "POST" | "DELETE", path: string, key = operatorKey, body?: object) => {
      const headers = { authorization: `Bearer ${key}` };
      const answer = await api.inject({
        method,
        url: `/v1/orgs/acme/${path}`,
        headers,
        ...(body && { payload: body }),
      });
      return { status: answer.statusCode, body: answer.body === "" ? null : answer.json() };
    };
    return { clock, call };
  }

  test("a key that one of them revoked is refused by it at once, and by the other within a second", async () => {
    const [one, two] = [await openReplica(), await openReplica()];
    const { apiKey, key } = (await one.call("POST", "api-keys", operatorKey, { role: "member" })).body;
    const statusAt = async (replica: typeof one) => (await replica.call("GET", "webhook-endpoints", key)).status;
    expect([await statusAt(one), await statusAt(two)]).toEqual([200, 200]);
    expect((await one.call("DELETE", `api-keys/${apiKey.id}`)).status).toBe(204);
    expect(await statusAt(one)).toBe(401);
    // Known to the other for a moment more: so it does remember keys.
    expect(await statusAt(two)).toBe(200);
    expect(keyCacheMs).toBeLessThan(1000);
    two.clock.moveTo(start + keyCacheMs);
    expect(await statusAt(two)).toBe(401);
  });
});
