import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newEvents } from "../store/suite/harness.ts";
import { openHttpHarness, operatorKey, start, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
beforeEach(async () => {
  http = await openHttpHarness();
});
afterEach(() => http.close());

interface Page {
  readonly events: readonly { readonly id: string }[];
  readonly nextCursor: string;
}
interface One {
  readonly consumer: { readonly name: string; readonly contract: string; readonly cursor: string };
}

async function ask<Answer>(method: "GET" | "PUT" | "POST" | "DELETE", path: string, body?: unknown) {
  const { status, text, body: parsed } = await http.call({ method, path: `/v1/orgs/acme${path}`, body });
  const answer: Answer = text === "" ? null : JSON.parse(text);
  return { status, answer, code: status < 400 ? null : parsed.error.code };
}
const page = async (query: string) => (await ask<Page>("GET", `/events?${query}`)).answer;
const ids = ({ events }: Page) => events.map(({ id }) => id);

async function emitted(count: number): Promise<readonly string[]> {
  const made: string[] = [];
  for (let n = 0; n < count; n += 1) made.push(await http.emit("acme"));
  return made;
}

describe("cursors", () => {
  test("say nothing: two of the same place differ, all have one length, and digits of a position make none", async () => {
    await emitted(12);
    const cursors = await Promise.all([1, 1, 5, 12].map(async (limit) => (await page(`limit=${limit}`)).nextCursor));
    expect(new Set(cursors).size).toBe(4);
    expect(new Set(cursors.map((each) => each.length)).size).toBe(1);
    for (const cursor of ["1", Buffer.from("p1").toString("base64url"), cursors[0]?.replace(/.$/, "") ?? ""]) {
      expect(await ask("GET", `/events?cursor=${cursor}`)).toMatchObject({ status: 400, code: "invalid_request" });
    }
  });

  test("open for their tenant alone", async () => {
    const { nextCursor } = await page("limit=1");
    const path = `/v1/orgs/other/events?cursor=${nextCursor}`;
    expect((await http.call({ method: "GET", path })).body.error.path).toBe("cursor");
  });

  test("go on where the page ended, also after a page in which nothing matched", async () => {
    const [first, second, third] = await emitted(3);
    const one = await page("limit=1");
    expect(ids(one)).toEqual([first]);
    expect(ids(await page(`cursor=${one.nextCursor}`))).toEqual([second, third]);
    const none = await page("types=deployment.failed");
    const end = await page("cursor=end");
    expect([none.events, end.events]).toEqual([[], []]);
    const later = await http.emit("acme");
    for (const { nextCursor } of [none, end]) expect(ids(await page(`cursor=${nextCursor}`))).toEqual([later]);
  });
});

test("a time range holds what happened from its start to before its end", async () => {
  const [first] = await emitted(1);
  http.clock.moveTo(start + 1000);
  const [second] = await emitted(1);
  http.clock.moveTo(start + 2000);
  const [third] = await emitted(1);
  const at = (ms: number) => new Date(start + ms).toISOString();
  expect(ids(await page(`from=${at(1000)}&until=${at(2000)}`))).toEqual([second]);
  expect(ids(await page(`from=${at(1001)}`))).toEqual([third]);
  expect(ids(await page(`until=${at(1)}`))).toEqual([first]);
  expect(await ask("GET", "/events?from=yesterday")).toMatchObject({ status: 400 });
});

describe("waiting", () => {
  test("answers as soon as there is an event", async () => {
    const { nextCursor } = await page("");
    const waiting = page(`cursor=${nextCursor}&wait=20`);
    await expect.poll(() => http.clock.timerCount()).toBe(2);
    const event = await http.emit("acme");
    http.clock.moveTo(start + 250);
    expect(ids(await waiting)).toEqual([event]);
    expect(http.clock.timerCount()).toBe(0);
  });

  test("goes on over other tenants' events, and ends with an empty page when the time is over", async () => {
    const waiting = page("wait=3");
    await expect.poll(() => http.clock.timerCount()).toBe(2);
    await http.emit("other");
    http.clock.moveTo(start + 250);
    await expect.poll(() => http.clock.timerCount()).toBe(2);
    http.clock.moveTo(start + 3000);
    expect((await waiting).events).toEqual([]);
    expect(await ask("GET", "/events?wait=21")).toMatchObject({ status: 400 });
  });

  test("ends when the server closes", async () => {
    const waiting = page("wait=20");
    await expect.poll(() => http.clock.timerCount()).toBe(2);
    await http.app.close();
    expect((await waiting).events).toEqual([]);
  });
});

describe("consumers", () => {
  test("begin at the beginning or the end, and a repeat changes nothing", async () => {
    const [before] = await emitted(1);
    expect((await ask("PUT", "/feeds/all", {})).status).toBe(201);
    expect((await ask("PUT", "/feeds/new", { from: "end" })).status).toBe(201);
    const [after] = await emitted(1);
    expect((await ask("PUT", "/feeds/new", { from: "end" })).status).toBe(200);
    expect(ids(await page("consumer=all"))).toEqual([before, after]);
    expect(ids(await page("consumer=new"))).toEqual([after]);
    expect(await ask("PUT", "/feeds/new", { contract: "authn" })).toMatchObject({ status: 400 });
    expect(await ask("GET", "/events?consumer=new&contract=authn")).toMatchObject({ status: 400 });
  });

  test("read again what is not committed; a commit of an earlier place changes nothing", async () => {
    const [first, second, third] = await emitted(3);
    await ask("PUT", "/feeds/billing", {});
    const one = await page("consumer=billing&limit=1");
    const two = await page("consumer=billing&limit=2");
    expect([ids(one), ids(two)]).toEqual([[first], [first, second]]);
    for (const { nextCursor: cursor } of [two, one])
      expect((await ask("POST", "/feeds/billing/commit", { cursor })).status).toBe(200);
    expect(ids(await page("consumer=billing"))).toEqual([third]);
    const { answer } = await ask<One>("GET", "/feeds/billing");
    expect(ids(await page(`cursor=${answer.consumer.cursor}`))).toEqual([third]);
  });

  test("seek to beginning, end, a time and an event", async () => {
    const [first] = await emitted(1);
    http.clock.moveTo(start + 1000);
    const [second, third] = await emitted(2);
    await ask("PUT", "/feeds/billing", {});
    const after = async (body: object) => {
      expect((await ask("POST", "/feeds/billing/seek", body)).status).toBe(200);
      return ids(await page("consumer=billing"));
    };
    const time = (ms: number) => ({ to: "time", time: new Date(start + ms).toISOString() });
    expect(await after({ to: "end" })).toEqual([]);
    expect(await after({ to: "event", event: third })).toEqual([third]);
    expect(await after({ to: "beginning" })).toEqual([first, second, third]);
    expect(await after(time(1000))).toEqual([second, third]);
    expect(await after(time(1001))).toEqual([]);
    const foreign = await http.emit("other");
    for (const body of [{ to: "time" }, { to: "event" }, { to: "nowhere" }])
      expect(await ask("POST", "/feeds/billing/seek", body)).toMatchObject({ status: 400 });
    expect(await ask("POST", "/feeds/billing/seek", { to: "event", event: foreign })).toMatchObject({ status: 404 });
  });

  test("are listed by name and deleted, and another tenant has none of them", async () => {
    for (const name of ["b", "a"]) await ask("PUT", `/feeds/${name}`, {});
    const names = async (tenant: string): Promise<unknown> => {
      const { text } = await http.call({ method: "GET", path: `/v1/orgs/${tenant}/feeds` });
      return JSON.parse(text).consumers.map(({ name }: One["consumer"]) => name);
    };
    expect([await names("acme"), await names("other")]).toEqual([["a", "b"], []]);
    const { nextCursor: cursor } = await page("");
    const others: readonly ["GET" | "POST" | "DELETE", string, object?][] = [
      ["GET", "/feeds/a"],
      ["DELETE", "/feeds/a"],
      ["GET", "/events?consumer=a"],
      ["POST", "/feeds/a/seek", { to: "end" }],
    ];
    const before = await http.dump();
    for (const [method, path, body] of others) {
      const answer = await http.call({ method, path: `/v1/orgs/other${path}`, body });
      expect([path, answer.status]).toEqual([path, 404]);
    }
    expect(await http.dump()).toBe(before);
    expect((await ask("DELETE", "/feeds/a")).status).toBe(204);
    expect((await ask("POST", "/feeds/a/commit", { cursor })).status).toBe(404);
    expect(await names("acme")).toEqual(["b"]);
  });
});

describe("export", () => {
  const lines = (text: string): readonly { id: string }[] =>
    text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));

  test("gives every body to the byte, one a line, over many pages, and says where the feed goes on", async () => {
    const made = await emitted(120);
    await http.emit("other");
    const { status, headers, text } = await http.call({ method: "GET", path: "/v1/orgs/acme/events/export" });
    expect([status, headers["content-type"]]).toEqual([200, "application/x-ndjson"]);
    expect(lines(text).map(({ id }) => id)).toEqual(made);
    const stored = await http.store.events.list({
      tenant: "acme",
      contract: "stech",
      types: null,
      after: 0,
      limit: 200,
    });
    expect(text).toBe(stored.map(({ body }) => `${body}\n`).join(""));
    const later = await http.emit("acme");
    expect(ids(await page(`cursor=${String(headers["x-next-cursor"])}`))).toEqual([later]);
  });

  test("reads no further than a reader that stopped has room for", async () => {
    const text = "x".repeat(60_000);
    const event = { contract: "stech", type: "deployment.created", tenant: "acme", time: start, idempotencyKey: null };
    const events = Array.from({ length: 1000 }, (_, n) => ({
      ...event,
      id: `e${n}`,
      body: JSON.stringify({ n, text }),
    }));
    await http.store.log.append(events);
    await http.app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = http.app.server.address() as AddressInfo;
    const headers = { authorization: `Bearer ${operatorKey}` };
    let after = 0;
    const { read } = http.store.feeds;
    Object.assign(http.store.feeds, {
      read: (of: Parameters<typeof read>[0]) => {
        after = of.after;
        return read(of);
      },
    });
    const request = get({ port, host: "127.0.0.1", path: "/v1/orgs/acme/events/export", headers });
    const [response]: IncomingMessage[] = (await once(request, "response")) as [IncomingMessage];
    response?.pause();
    // What fits into the buffers of both sides: far less than the 60 MB that there are.
    await expect.poll(() => after, { timeout: 10_000 }).toBeGreaterThan(0);
    for (let seen = -1; seen !== after; await new Promise((resolve) => setImmediate(resolve))) seen = after;
    expect(after).toBeLessThan(500);
    let size = 0;
    response?.on("data", (chunk: Buffer) => (size += chunk.length)).resume();
    if (response !== undefined) await once(response, "end");
    expect(size).toBeGreaterThan(60_000_000);
  });
});

describe("large events", () => {
  const letters = "x".repeat(900_000);
  const append = async (count: number) => {
    const events = newEvents(count, { tenant: "acme", body: JSON.stringify({ id: letters }) });
    await http.store.log.append(events);
  };

  test("end a page before its limit, and the next goes on with what is left", async () => {
    await append(9);
    let [nextCursor, counts] = ["", [] as number[]];
    for (let pages = 0; pages < 3; pages += 1) {
      const one = await page(`limit=200${nextCursor === "" ? "" : `&cursor=${nextCursor}`}`);
      nextCursor = one.nextCursor;
      counts = [...counts, one.events.length];
    }
    expect(counts).toEqual([5, 4, 0]);
  });

  test("are all in an export", async () => {
    await append(9);
    const { text } = await http.call({ method: "GET", path: "/v1/orgs/acme/events/export" });
    expect(text.trimEnd().split("\n")).toHaveLength(9);
  });
});

test("an answer that nobody reads ends, and with it what the export would read on", async () => {
  await http.close();
  http = await openHttpHarness({ unreadMs: 200 });
  await http.app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = http.app.server.address() as AddressInfo;
  const body = JSON.stringify({ id: "x".repeat(900_000) });
  for (let part = 0; part < 4; part += 1) await http.store.log.append(newEvents(10, { tenant: "acme", body }));
  const accepted = once(http.app.server, "connection");
  const reader = connect({ host: "127.0.0.1", port });
  const [socket] = (await accepted) as [Socket];
  reader.on("error", () => {});
  reader.write(`GET /v1/orgs/acme/events/export HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${operatorKey}\r\n\r\n`);
  reader.pause();
  await once(socket, "close");
  expect(socket.bytesWritten).toBeLessThan(30 * 900_000);
  reader.destroy();
});
