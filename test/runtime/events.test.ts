import { readPage } from "./store/suite/harness.ts";
import { createNewId } from "../../runtime/contracts/identifier.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from "vitest";
import { examples as authnExamples } from "../../catalog/authn/examples.ts";
import { auth0 } from "../../catalog/auth0/contract.ts";
import { stech } from "../../catalog/stech/contract.ts";
import type { EmitUntyped } from "../../runtime/emitter.ts";
import type { AskUntyped } from "../../runtime/asker.ts";
import { bodyBytesMax, refuseTooLarge } from "../../runtime/contracts/body-size.ts";
import { createEmitters } from "../../runtime/emitters.ts";
import { createEmit, createRender } from "../../runtime/events.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import type { ProductTransaction } from "../../runtime/transactions/product-transaction.ts";
import { executorIn } from "../../runtime/transactions/executor-in.ts";
import { openStore, type OpenedStore } from "../../runtime/store/open-store.ts";
import type { LogStore } from "../../runtime/seams/log-store.ts";
import { createFakeClock } from "../fake-clock.ts";

const tenant = "org_1";
const start = Date.parse("2026-05-08T14:00:00.000Z");
const group = { groupId: "grp_1", externalId: null, displayName: "Köln", memberCount: 3 };

let folder: string;
let store: OpenedStore;
let emit: EmitUntyped;
const ask: AskUntyped = () => Promise.reject(new Error("Nobody is asked here."));
let appends: number;
let wakes: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hookwright-events-"));
  store = await openStore({ database: join(folder, "hookwright.db") });
  appends = 0;
  wakes = 0;
  let chance = 0;
  const clock = createFakeClock(start);
  const random = (bytes: number) => new Uint8Array(bytes).fill((chance += 1));
  const counted: Pick<LogStore, "append"> = {
    append: (...given) => {
      appends += 1;
      return store.log.append(...given);
    },
  };
  const parts = {
    catalog,
    store: counted,
    executorIn: (tx: ProductTransaction) => executorIn(tx, { opened: "node:sqlite" }),
    clock,
    newId: createNewId(random),
    wake: () => void (wakes += 1),
  };
  emit = createEmit(parts, createRender(parts));
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const stored = () => readPage(store, { shard: 0, after: 0, limit: 1000 });

describe("the body", () => {
  test("is the envelope in the declared order, and what is stored is what emit returns (R-STECH-18 to R-STECH-23)", async () => {
    const event = await emit("stech", "scim.group_added", { tenant, data: group });
    const [row] = await stored();
    expect(row?.body).toBe(event.body);
    expect(event.body).toBe(
      `{"id":"${event.id}","type":"scim.group_added","createdAt":"2026-05-08T14:00:00.000Z","organizationId":"org_1",` +
        `"data":{"groupId":"grp_1","externalId":null,"displayName":"Köln","memberCount":3}}`,
    );
    expect(event.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test("times are taken at any offset and sent in UTC with milliseconds, and the data that was given stays as it was", async () => {
    const [given] = Object.values(stech.examples["agent_run.cancelled"]);
    const at = (requestedAt: string) => ({ ...given, requestedAt });
    const data = at("2026-05-08T16:02:11+02:00");
    const { body } = await emit("stech", "agent_run.cancelled", { tenant, data });
    expect(JSON.parse(body).data).toEqual(at("2026-05-08T14:02:11.000Z"));
    expect(data).toEqual(at("2026-05-08T16:02:11+02:00"));
    const refused = emit("stech", "agent_run.cancelled", { tenant, data: at("2026-05-08T25:02:11+02:00") });
    await expect(refused).rejects.toMatchObject({ code: "invalid_event_data", path: "data.requestedAt" });
  });

  test("agent_run.blocked has the same payload bytes as its flagged twin (R-STECH-28)", async () => {
    const data = stech.examples["agent_run.blocked"]["a token limit"];
    const bodies = [
      await emit("stech", "agent_run.blocked", { tenant, data }),
      await emit("stech", "audit.flagged", { tenant, data }),
    ].map(({ body }) => body.slice(body.indexOf('"data":')));
    expect(bodies[0]).toBe(bodies[1]);
  });
});

describe("refusals write nothing", () => {
  test.each([
    ["unknown_event_type", "stech", "scim.group_aded", { tenant, data: group }],
    ["unknown_event_type", "stech", "toString", { tenant, data: group }],
    ["unknown_contract", "stetch", "scim.group_added", { tenant, data: group }],
    [
      "unknown_contract",
      "hookwright",
      "endpoint.deleted",
      { tenant, data: { endpointId: "whe_1", contract: "stech" } },
    ],
    ["invalid_event_data", "stech", "scim.group_added", { tenant, data: { ...group, secret: "x" } }],
    ["invalid_request", "stech", "scim.group_added", { tenant: "", data: group }],
    ["invalid_request", "stech", "scim.group_added", { tenant, data: group, idempotencyKey: "x".repeat(256) }],
  ])("%s: %s %s", async (code, contract, type, event) => {
    await expect(emit(contract, type, event)).rejects.toMatchObject({ code });
    expect(await stored()).toEqual([]);
    expect(wakes).toBe(0);
  });
});

describe("idempotency key", () => {
  test("a repeat returns the first event, at the same time as later", async () => {
    const once = () => emit("stech", "scim.group_added", { tenant, data: group, idempotencyKey: "k" });
    const together = await Promise.all([once(), once()]);
    const later = await once();
    expect(together.map(({ created }) => created)).toEqual([true, false]);
    expect(later).toEqual({ ...together[0], created: false });
    expect(await stored()).toHaveLength(1);
  });

  test("the same key for other content is a conflict, which names the first event", async () => {
    const first = await emit("stech", "scim.group_added", { tenant, data: group, idempotencyKey: "k" });
    const other = emit("stech", "scim.group_added", {
      tenant,
      data: { ...group, memberCount: 4 },
      idempotencyKey: "k",
    });
    await expect(other).rejects.toMatchObject({
      code: "idempotency_conflict",
      message: expect.stringContaining(first.id),
    });
  });

  test("another tenant's key is another key", async () => {
    const emitFor = (owner: string) =>
      emit("stech", "scim.group_added", { tenant: owner, data: group, idempotencyKey: "k" });
    expect([await emitFor("org_1"), await emitFor("org_2")].map(({ created }) => created)).toEqual([true, true]);
  });
});

describe("what is said beside the data (D-AUTHN-11)", () => {
  const { data, meta } = authnExamples["authorizationGrant.revoked"]["by an operator"];
  const revoke = (said: object, idempotencyKey?: string) =>
    emit("authn", "authorizationGrant.revoked", {
      tenant,
      data,
      ...said,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });

  test("stands at the end of the envelope", async () => {
    const { body } = await revoke({ meta });
    expect(body).toMatch(/,"data":\{"object":"authorization_grant",.*\},"meta":\{"surface":"operator"\}\}$/);
  });

  test.each([
    ["missing", {}, "meta"],
    ["null", { meta: null }, "meta"],
    ["of another value", { meta: { surface: "robot" } }, "meta.surface"],
    ["with a key that it does not name", { meta: { ...meta, secret: "x" } }, "meta.secret"],
  ])("%s: it is refused with its path, and nothing is written", async (_, said, path) => {
    await expect(revoke(said)).rejects.toMatchObject({ code: "invalid_event_data", path });
    expect(await stored()).toEqual([]);
  });

  test("an event type without a meta takes none", async () => {
    const refused = emit("stech", "scim.group_added", { tenant, data: group, meta: {} });
    await expect(refused).rejects.toMatchObject({ code: "invalid_event_data", path: "meta" });
    expect(await stored()).toEqual([]);
  });

  test("a repeat with another meta is a conflict, and with the same is none", async () => {
    await revoke({ meta }, "k");
    expect(await revoke({ meta: { surface: "operator" } }, "k")).toMatchObject({ created: false });
    await expect(revoke({ meta: { surface: "user" } }, "k")).rejects.toMatchObject({ code: "idempotency_conflict" });
  });
});

describe("transactions", () => {
  test("emits without one that are under way at the same time share inserts", async () => {
    await Promise.all(Array.from({ length: 100 }, () => emit("stech", "scim.group_added", { tenant, data: group })));
    expect(await stored()).toHaveLength(100);
    expect([appends, wakes]).toEqual([1, 1]);
  });

  test("what shares an insert keeps the order of its calls, and its own answer", async () => {
    const named = (displayName: string, idempotencyKey?: string) =>
      emit("stech", "scim.group_added", {
        ...{ tenant, data: { ...group, displayName } },
        ...(idempotencyKey !== undefined && { idempotencyKey }),
      });
    const first = await named("0", "key");
    const results = await Promise.allSettled([
      named("1"),
      named("0", "key"),
      named("2", "key"),
      named("3"),
      named("4"),
    ]);
    expect(appends).toBe(2);
    expect(results[1]).toMatchObject({ status: "fulfilled", value: { id: first.id, created: false } });
    expect(results[2]).toMatchObject({ status: "rejected", reason: { code: "idempotency_conflict" } });
    const names = (await stored()).map(({ body }) => JSON.parse(body).data.displayName);
    expect(names).toEqual(["0", "1", "3", "4"]);
  });

  test("text that PostgreSQL refuses is refused before it shares an insert", async () => {
    const input = { tenant, data: group };
    for (const refused of [
      { ...input, tenant: "a\0b" },
      { ...input, idempotencyKey: "\0" },
    ]) {
      const expected = { code: "invalid_request", message: expect.stringContaining("U+0000") };
      await expect(emit("stech", "scim.group_added", refused)).rejects.toMatchObject(expected);
    }
    expect(appends).toBe(0);
  });

  test("in the caller's: there when it commits, never when it rolls back", async () => {
    await store.database.transaction().execute(async (tx) => {
      await emit("stech", "scim.group_added", { tenant, data: group, tx });
    });
    const broken = store.database.transaction().execute(async (tx) => {
      await emit("stech", "scim.group_added", { tenant, data: group, tx });
      throw new Error("the product changed its mind");
    });
    await expect(broken).rejects.toThrow("changed its mind");
    expect(await stored()).toHaveLength(1);
  });
});

test("the generated emitters know names and data", async () => {
  const hooks = createEmitters(catalog, { emit, ask });
  const event = await hooks.stech.emit("scim.group_added", { tenant, data: group });
  expect(event.type).toBe("scim.group_added");
  type Emit = (typeof hooks)["stech"]["emit"];
  expectTypeOf<Parameters<Emit>[0]>().toEqualTypeOf<keyof typeof stech.examples>();
  // @ts-expect-error a name that the catalog does not have
  await expect(hooks.stech.emit("scim.group_aded", { tenant, data: group })).rejects.toThrow();
  const data = { ...group, memberCount: "3" };
  // @ts-expect-error a field of another type
  await expect(hooks.stech.emit("scim.group_added", { tenant, data })).rejects.toThrow();
  expect(hooks).not.toHaveProperty("hookwright");
});

describe("contracts of the other modes", () => {
  test("an event of a stream is appended as the record that its batch will hold (D-AUTHSIGNAL-06)", async () => {
    const record = {
      tenantId: "tnt_1",
      userId: "user_abc",
      actionCode: "login",
      idempotencyKey: "bb51e6b9-a7f8-4f03-8044-2940ae574236",
      createdAt: "2026-04-22T01:10:20.939Z",
      type: "EMAIL_OTP_SENT",
      email: "alice@acme.example",
    };
    const event = await emit("authsignal", "challenge.log_created", { tenant: "tnt_1", data: record });
    const [row] = await stored();
    expect(row?.body).toBe(event.body);
    expect(event.body).toBe(
      `{"version":1,"id":"${event.id}","source":"https://authsignal.com","time":"2026-05-08T14:00:00.000Z",` +
        `"tenantId":"tnt_1","type":"challenge.log_created","record":{"tenantId":"tnt_1","userId":"user_abc",` +
        `"actionCode":"login","idempotencyKey":"bb51e6b9-a7f8-4f03-8044-2940ae574236",` +
        `"createdAt":"2026-04-22T01:10:20.939Z","type":"EMAIL_OTP_SENT","email":"alice@acme.example"}}`,
    );
  });

  test("null stands for nothing in a record: what has no value is absent (R-AUTHSIGNAL-16)", async () => {
    const [example] = Object.values(catalog.authsignal.declaration.examples as Record<string, Record<string, object>>);
    const [data] = Object.values(example ?? {});
    for (const field of ["verificationMethod", "rules", "email", "custom"]) {
      const emitted = emit("authsignal", "action.log_created", { tenant, data: { ...data, [field]: null } });
      await expect(emitted).rejects.toMatchObject({ code: "invalid_event_data", path: `data.${field}` });
    }
    expect(await stored()).toEqual([]);
  });

  test("a question is asked and not emitted", async () => {
    await expect(emit("authio", "pre_register", { tenant, data: {} })).rejects.toMatchObject({
      code: "unknown_contract",
      message: 'contract: expected one whose events are emitted, got "authio", which is in mode action: it is asked.',
    });
    expect([appends, wakes]).toEqual([0, 0]);
    expect(createEmitters(catalog, { emit, ask }).authio).toEqual({ ask: expect.any(Function) });
    expect(createEmitters(catalog, { emit, ask }).authsignal).toEqual({ emit: expect.any(Function) });
  });
});

test("the generated emitters want a meta exactly where the type has one (D-AUTHN-11)", async () => {
  const { authn: hooks } = createEmitters(catalog, { emit, ask });
  const grant = { tenant, ...authnExamples["authorizationGrant.granted"]["by the user"] };
  expect((await hooks.emit("authorizationGrant.granted", grant)).type).toBe("authorizationGrant.granted");
  const { meta, ...bare } = grant;
  // @ts-expect-error the meta is missing
  await expect(hooks.emit("authorizationGrant.granted", bare)).rejects.toThrow();
  const surface = { surface: "robot" };
  // @ts-expect-error a meta of another type
  await expect(hooks.emit("authorizationGrant.granted", { ...bare, meta: surface })).rejects.toThrow();
  const data = authnExamples["scimToken.issued"]["of a directory"];
  // @ts-expect-error a meta that the type does not have
  await expect(hooks.emit("scimToken.issued", { tenant, data, meta })).rejects.toThrow();
});

describe("what receivers would not take", () => {
  const name = (bytes: number) => ({
    ...group,
    displayName: "é".repeat(Math.floor(bytes / 2)) + "x".repeat(bytes % 2),
  });
  const sizeOf = async () =>
    Buffer.byteLength((await emit("stech", "scim.group_added", { tenant, data: name(0) })).body);

  test("is refused when it is emitted: the type, the bytes that are taken and those that came", async () => {
    const room = 1_048_576 - (await sizeOf());
    await emit("stech", "scim.group_added", { tenant, data: name(room) });
    await expect(emit("stech", "scim.group_added", { tenant, data: name(room + 1) })).rejects.toMatchObject({
      code: "event_too_large",
      path: "data",
      message:
        "stech/scim.group_added: data: expected a request of at most 1048576 bytes, which is what receivers take, got 1048577 bytes; send less, or a link to the rest.",
    });
    expect(await stored()).toHaveLength(2);
  });

  test("is what the contract declares; of a batch, one record alone in it", () => {
    const record = { id: "log_1", type: "f", body: JSON.stringify("x".repeat(98)) };
    // Of the 100 bytes of the record, `{"log_id":"log_1","data":` and `}` around it, and the brackets of the batch.
    const declared = { ...auth0, batch: { ...auth0.batch, record: { id: "log_id", member: "data" } } };
    expect(() => refuseTooLarge({ ...declared, bodyBytesMax: 128 }, record)).not.toThrow();
    expect(() => refuseTooLarge({ ...declared, bodyBytesMax: 127 }, record)).toThrow(
      /at most 127 bytes.*got 128 bytes/,
    );
    expect([auth0, stech].map(bodyBytesMax)).toEqual([16 * 1_048_576, 1_048_576]);
  });

  test("emits that share an insert are no more than 8 MiB of it, and one is never turned away", async () => {
    const all = Array.from({ length: 20 }, () => emit("stech", "scim.group_added", { tenant, data: name(1_000_000) }));
    await Promise.all(all);
    // As text: half as many units as bytes.
    expect(appends).toBe(2);
  });
});
