import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { createOutbound } from "../../../runtime/outbound/outbound.ts";
import { send } from "../../../runtime/outbound/send.ts";
import type { Sockets } from "../../../runtime/outbound/sockets.ts";
import { createFakeClock } from "../../fake-clock.ts";
import {
  connectionIsFree,
  okResponse,
  openOutbound,
  openTcpReceiver,
  requestTo,
  socketIsClosed,
} from "./tcp-receiver.ts";

const text = (body: Uint8Array | null) => (body === null ? null : Buffer.from(body).toString());

describe("a request", () => {
  test("is a POST with the headers given, the body's length in bytes, and no offer to compress", async () => {
    const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
    const { port } = receiver;
    const headers = { "content-type": "application/json", "webhook-id": "msg_1" };
    const body = '{"name":"Zoë 🦊"}';
    await openOutbound({ port }).send(requestTo(`http://127.0.0.1:${port}/a/b?c=d&e`, { headers, body }));
    expect(receiver.requests).toEqual([
      [
        "POST /a/b?c=d&e HTTP/1.1",
        `host: 127.0.0.1:${port}`,
        "connection: keep-alive",
        "content-type: application/json",
        "webhook-id: msg_1",
        "accept-encoding: identity",
        "content-length: 20",
        "",
        body,
      ].join("\r\n"),
    ]);
  });

  test("without a body has the length zero", async () => {
    const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
    const { port } = receiver;
    await openOutbound({ port }).send(requestTo(`http://127.0.0.1:${port}/`, { body: "" }));
    expect(receiver.requests[0]).toContain("\r\ncontent-length: 0\r\n");
  });

  test("with a header that HTTP does not allow does not leave, and is a network error", async () => {
    const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
    const { port } = receiver;
    const outbound = openOutbound({ port });
    for (const headers of [{ "x-a": "b\r\nx-c: d" }, { "x a": "b" }, { "content-length": "7" }, { upgrade: "h2c" }])
      expect((await outbound.send(requestTo(`http://127.0.0.1:${port}/`, { headers }))).kind).toBe("network_error");
    expect((await outbound.send(requestTo("ftp://127.0.0.1/"))).kind).toBe("network_error");
    expect(receiver.requests).toEqual([]);
  });

  test("takes no proxy from the environment", async () => {
    const proxy = await openTcpReceiver((socket) => socket.write(okResponse));
    const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
    const names = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "NODE_USE_ENV_PROXY"];
    for (const name of names)
      process.env[name] = name === "NODE_USE_ENV_PROXY" ? "1" : `http://127.0.0.1:${proxy.port}`;
    const exchange = await openOutbound({ port: receiver.port }).send(requestTo(`http://127.0.0.1:${receiver.port}/`));
    for (const name of names) delete process.env[name];
    expect(exchange.kind).toBe("response");
    expect(proxy.sockets).toEqual([]);
  });
});

describe("a response", () => {
  test("has the headers that were asked for, or all of them, those that came twice joined", async () => {
    const answer = okResponse.replace("\r\n", "\r\nX-Twice: 1\r\nx-twice: 2\r\nX-Once: a, b\r\n__proto__: c\r\n");
    const { port } = await openTcpReceiver((socket) => socket.write(answer));
    const outbound = openOutbound({ port });
    const headersWith = async (responseHeaders?: readonly string[] | "all") => {
      const asked = responseHeaders === undefined ? {} : { responseHeaders };
      const exchange = await outbound.send(requestTo(`http://127.0.0.1:${port}/`, asked));
      return exchange.kind === "response" ? exchange.headers : expect.unreachable();
    };
    expect(await headersWith()).toBeUndefined();
    expect(await headersWith(["x-twice", "x-none"])).toEqual({ "x-twice": "1, 2" });
    const all = await headersWith("all");
    expect(all).toEqual({ "x-twice": "1, 2", "x-once": "a, b", "content-length": "2" });
  });

  test("has its status, its body and how long it took", async () => {
    const { port } = await openTcpReceiver((socket) => socket.write(okResponse));
    const exchange = await openOutbound({ port }).send(requestTo(`http://127.0.0.1:${port}/`));
    expect(exchange).toMatchObject({ kind: "response", status: 200, durationMs: expect.any(Number) });
    expect(exchange.kind === "response" && text(exchange.body)).toBe("ok");
  });

  test.each([204, 301, 302, 307, 308, 400, 410, 429, 500, 599])("%i is a response like any other", async (status) => {
    const { port } = await openTcpReceiver((socket) =>
      socket.write(`HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`),
    );
    const exchange = await openOutbound({ port }).send(requestTo(`http://127.0.0.1:${port}/`));
    expect(exchange).toMatchObject({ kind: "response", status, body: null });
  });

  test("R-STECH-56: that redirects is not followed", async () => {
    const target = await openTcpReceiver((socket) => socket.write(okResponse));
    const location = `http://127.0.0.1:${target.port}/`;
    const { port } = await openTcpReceiver((socket) =>
      socket.write(`HTTP/1.1 307 Temporary Redirect\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`),
    );
    const allowTargets = [{ cidr: "127.0.0.0/8", portMin: 1, portMax: 65535 }];
    const exchange = await openOutbound({ allowTargets }).send(requestTo(`http://127.0.0.1:${port}/`));
    expect(exchange).toMatchObject({ kind: "response", status: 307 });
    expect(target.sockets).toEqual([]);
  });

  test("may be announced by informational ones, whose status does not count", async () => {
    const { port } = await openTcpReceiver((socket) => {
      socket.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(3) + okResponse);
    });
    const exchange = await openOutbound({ port }).send(requestTo(`http://127.0.0.1:${port}/`));
    expect(exchange).toMatchObject({ kind: "response", status: 200 });
  });

  test.each([
    ["less than is kept", { length: 100, kept: 8192, expected: 100 }],
    ["more than is kept", { length: 9000, kept: 8192, expected: 8192 }],
    ["more than is read", { length: 100_000, kept: 8192, expected: 8192 }],
    ["more than is read by default, when more is to be kept", { length: 100_000, kept: 20_000, expected: 20_000 }],
    ["something, when nothing is to be kept", { length: 100, kept: 0, expected: null }],
  ])("with %s", async (_name, { length, kept, expected }) => {
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`;
    const { port } = await openTcpReceiver((socket) => {
      const sent = head + "x".repeat(length);
      socket.write(sent.slice(0, 17_000));
      // The sender has read the first part when the second one leaves.
      void connectionIsFree()
        .then(connectionIsFree)
        .then(() => socket.write(sent.slice(17_000)));
    });
    const request = requestTo(`http://127.0.0.1:${port}/`, { responseBodyBytesMax: kept });
    const exchange = await openOutbound({ port }).send(request);
    expect(exchange).toMatchObject({ kind: "response", status: 200 });
    expect(exchange.kind === "response" && text(exchange.body)).toBe(expected === null ? null : "x".repeat(expected));
  });

  test("of 16 KiB leaves the connection for the next request, a longer one ends it", async () => {
    const receiver = await openTcpReceiver((socket, number) => {
      const length = 16 * 1024 + (number === 1 ? 1 : 0);
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${"x".repeat(length)}`);
    });
    const { port } = receiver;
    const outbound = openOutbound({ port });
    for (const number of [0, 1]) {
      expect((await outbound.send(requestTo(`http://127.0.0.1:${port}/?${number}`))).kind).toBe("response");
      expect(receiver.sockets).toHaveLength(1);
      await connectionIsFree();
    }
    await socketIsClosed(receiver);
    expect((await outbound.send(requestTo(`http://127.0.0.1:${port}/`))).kind).toBe("response");
  });

  test("that is compressed stays as it came", async () => {
    // What a bomb looks like from outside: a gzip header, and far more than is read behind it.
    const bomb = Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), Buffer.alloc(200_000, 0xed)]);
    const { port } = await openTcpReceiver((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    });
    const exchange = await openOutbound({ port }).send(requestTo(`http://127.0.0.1:${port}/`));
    expect(exchange.kind === "response" && exchange.body).toEqual(new Uint8Array(bomb.subarray(0, 8192)));
  });
});

describe("the deadline", () => {
  test("is the request's own, and its timer goes with the response", async () => {
    const clock = createFakeClock(0);
    const receiver = await openTcpReceiver((socket, number) => number === 0 && socket.write(okResponse));
    const { port } = receiver;
    const allowTargets = [{ cidr: "127.0.0.1/32", portMin: port, portMax: port }];
    const outbound = createOutbound({ allowTargets, clock });
    const request = requestTo(`http://127.0.0.1:${port}/`, { timeoutMs: 30_000 });
    expect((await outbound.send(request)).kind).toBe("response");
    expect(clock.timerCount()).toBe(0);
    await connectionIsFree();

    const events: string[] = [];
    const late = outbound.send(request).then((exchange) => {
      events.push(exchange.kind);
      return exchange;
    });
    while (receiver.requests.length < 2) await connectionIsFree();
    clock.moveTo(29_999);
    await connectionIsFree();
    events.push("a millisecond before");
    clock.moveTo(30_000);
    const detail = "deadline of 30000 ms passed while waiting for the response";
    expect(await late).toMatchObject({ kind: "timeout", detail });
    expect(events).toEqual(["a millisecond before", "timeout"]);
    await outbound.close();
  });

  test("covers a resolver that does not answer, and nothing leaves when it answers afterwards", async () => {
    const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
    const { port } = receiver;
    const { promise, resolve: answer } = Promise.withResolvers<readonly string[]>();
    const outbound = openOutbound({ port, resolve: () => promise });
    const exchange = await outbound.send(requestTo(`http://a.example.com:${port}/`, { timeoutMs: 100 }));
    expect(exchange).toMatchObject({ kind: "timeout", detail: "deadline of 100 ms passed while connecting" });
    answer(["127.0.0.1"]);
    expect((await outbound.send(requestTo(`http://127.0.0.1:${port}/`))).kind).toBe("response");
    expect(receiver.sockets).toHaveLength(1);
  });

  test("covers a TLS handshake that does not go on, and ends the connection", async () => {
    const receiver = await openTcpReceiver(() => {});
    const { port } = receiver;
    const exchange = await openOutbound({ port }).send(requestTo(`https://127.0.0.1:${port}/`, { timeoutMs: 200 }));
    expect(exchange).toMatchObject({ kind: "timeout", detail: "deadline of 200 ms passed while connecting" });
    await socketIsClosed(receiver);
    expect(receiver.requests).toEqual([]);
  });

  test("takes a request that has not left yet out of undici's queue", async () => {
    const clock = createFakeClock(0);
    const handlers: { onRequestStart?: (controller: never, context: never) => void }[] = [];
    const client = { dispatch: (_options: unknown, handler: (typeof handlers)[number]) => handlers.push(handler) > 0 };
    const take: Sockets["take"] = (_url, use) => {
      use({ client, giveBack: () => {} });
      return () => {};
    };
    const underWay = { count: 0, onNone: () => {} };
    const exchange = send(
      { sockets: { take }, clock, dialling: { owner: null }, underWay },
      requestTo("http://a.example.com/"),
    );
    clock.moveTo(5000);
    expect((await exchange).kind).toBe("timeout");
    const nothing = undefined as never;
    expect(() => handlers[0]?.onRequestStart?.(nothing, nothing)).toThrow("before the request could leave");
  });
});

describe("the right to send", () => {
  function rightOf() {
    const controller = new AbortController();
    let isOver = false;
    const right = { isOver: () => isOver, signal: controller.signal };
    return { right, lose: () => (isOver = true), abort: () => controller.abort() };
  }

  test("that is over keeps a request from leaving", async () => {
    const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
    const { right, lose } = rightOf();
    lose();
    const exchange = await openOutbound(receiver).send(requestTo(`http://127.0.0.1:${receiver.port}/`, { right }));
    expect(exchange).toMatchObject({ kind: "timeout", detail: "the right to send ended" });
    expect(receiver.sockets).toEqual([]);
  });

  test("that ends while the connection is made keeps the request from leaving on it", async () => {
    const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
    const { port } = receiver;
    const { promise, resolve: answer } = Promise.withResolvers<readonly string[]>();
    const { right, lose } = rightOf();
    const outbound = openOutbound({ port, resolve: () => promise });
    const exchange = outbound.send(requestTo(`http://a.example.com:${port}/`, { right }));
    lose();
    answer(["127.0.0.1"]);
    expect(await exchange).toMatchObject({ kind: "timeout", detail: "the right to send ended" });
    // A connection is free in the turn of the event loop after its exchange.
    await new Promise((resolve) => setImmediate(resolve));
    // Through the connection that was made: what was sent on it came before.
    expect((await outbound.send(requestTo(`http://a.example.com:${port}/`, { body: "2" }))).kind).toBe("response");
    expect(receiver.requests).toEqual([expect.stringMatching(/\r\n\r\n2$/)]);
    expect(receiver.sockets).toHaveLength(1);
  });

  test("that aborts ends the exchange under way and its connection", async () => {
    const { promise: isAsked, resolve: asked } = Promise.withResolvers<void>();
    const receiver = await openTcpReceiver(() => asked());
    const { right, abort } = rightOf();
    const exchange = openOutbound(receiver).send(requestTo(`http://127.0.0.1:${receiver.port}/`, { right }));
    await isAsked;
    abort();
    const detail = "the right to send ended while waiting for the response";
    expect(await exchange).toMatchObject({ kind: "timeout", detail });
    await socketIsClosed(receiver);
  });

  test("is not listened to any more once the exchange has ended", async () => {
    const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
    const { right } = rightOf();
    await openOutbound(receiver).send(requestTo(`http://127.0.0.1:${receiver.port}/`, { right }));
    expect(getEventListeners(right.signal, "abort")).toEqual([]);
  });
});

describe("close", () => {
  test("waits for what is under way, ends idle connections, and refuses what comes after", async () => {
    const { promise: areAsked, resolve: asked } = Promise.withResolvers<void>();
    const receiver = await openTcpReceiver((_socket, number) => number === 1 && asked());
    const { port } = receiver;
    const outbound = openOutbound({ port });
    const events: string[] = [];
    const sendAndTell = async () => events.push((await outbound.send(requestTo(`http://127.0.0.1:${port}/`))).kind);
    const exchanges = [sendAndTell(), sendAndTell()];
    await areAsked;
    const closed = Promise.all([outbound.close(), outbound.close()]).then(() => events.push("closed"));
    await connectionIsFree();
    receiver.sockets[0]?.write(okResponse);
    await Promise.race(exchanges);
    await connectionIsFree();
    receiver.sockets[1]?.write(okResponse);
    await Promise.all([...exchanges, closed]);
    expect(events).toEqual(["response", "response", "closed"]);
    await socketIsClosed(receiver);
    expect((await outbound.send(requestTo(`http://127.0.0.1:${port}/`))).kind).toBe("network_error");
    expect(receiver.requests).toHaveLength(2);
  });
});
