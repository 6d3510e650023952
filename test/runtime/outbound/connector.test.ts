import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { checkPeer } from "../../../runtime/outbound/connector.ts";
import {
  connectionIsFree,
  okResponse,
  openOutbound,
  openTcpReceiver,
  requestTo,
  scriptedResolve,
} from "./tcp-receiver.ts";

const closingResponse = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";

describe("no connection is made to a forbidden address (invariant 8)", () => {
  test("that stands in the URL", async () => {
    const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
    const outbound = openOutbound({ allowTargets: [] });
    const { port } = receiver;
    for (const host of ["127.0.0.1", "2130706433", "127.1", "0", "[::1]", "[::ffff:127.0.0.1]"]) {
      const exchange = await outbound.send(requestTo(`http://${host}:${port}/`));
      expect(exchange).toMatchObject({ kind: "address_blocked", detail: expect.stringContaining("has the address") });
    }
    expect(receiver.sockets).toEqual([]);
  });

  test("that a name has", async () => {
    const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
    const { resolve, asked } = scriptedResolve(["127.0.0.1"]);
    const exchange = await openOutbound({ resolve }).send(requestTo(`http://hooks.example.com:${receiver.port}/`));
    expect(exchange).toMatchObject({ kind: "address_blocked", detail: expect.stringContaining("loopback") });
    // Complete by its dot, so that no search list applies.
    expect(asked).toEqual(["hooks.example.com."]);
    expect(receiver.sockets).toEqual([]);
  });

  test.each([
    [["127.0.0.1", "10.0.0.1"]],
    [["10.0.0.1", "127.0.0.1"]],
    [["127.0.0.1", "::ffff:127.0.0.1"]],
    [["127.0.0.1", "fe80::1%eth0"]],
    [["127.0.0.1", "no address"]],
  ])("that is among a name's: %j", async (addresses) => {
    const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
    const { port } = receiver;
    const { resolve } = scriptedResolve(addresses);
    // 127.0.0.1 is allowed here and stands for a public address.
    const exchange = await openOutbound({ port, resolve }).send(requestTo(`http://hooks.example.com:${port}/`));
    expect(exchange.kind).toBe("address_blocked");
    expect(receiver.sockets).toEqual([]);
  });

  test("that a name has the second time (rebinding): each connection goes to what was checked for it", async () => {
    const receiver = await openTcpReceiver((socket) => socket.end(closingResponse));
    const { port } = receiver;
    const internal = await openTcpReceiver((socket) => socket.write(okResponse), { host: "127.0.0.2", port });
    const { resolve, asked } = scriptedResolve(["127.0.0.1"], ["127.0.0.2"]);
    const outbound = openOutbound({ port, resolve });
    const url = `http://hooks.example.com:${port}/`;
    expect(await outbound.send(requestTo(url))).toMatchObject({ kind: "response", status: 200 });
    // One question for one connection: what was checked is what was connected to.
    expect(asked).toHaveLength(1);
    expect((await outbound.send(requestTo(url))).kind).toBe("address_blocked");
    expect(internal.sockets).toEqual([]);
    expect(receiver.requests).toHaveLength(1);
  });

  test("though its block is allowed, when the port is not", async () => {
    const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
    const other = { cidr: "127.0.0.0/8", portMin: receiver.port + 1, portMax: 65535 };
    const outbound = openOutbound({ allowTargets: [other] });
    expect((await outbound.send(requestTo(`http://127.0.0.1:${receiver.port}/`))).kind).toBe("address_blocked");
    expect(receiver.sockets).toEqual([]);
  });
});

test("a connection that leads elsewhere is ended", async () => {
  const receiver = await openTcpReceiver(() => {});
  const socket = connect(receiver.port, "127.0.0.1");
  await once(socket, "connect");
  expect(checkPeer(socket, "127.0.0.1")).toBe(socket);
  expect(() => checkPeer(socket, "127.0.0.2")).toThrow("connected to 127.0.0.1 instead of 127.0.0.2");
  expect(socket.destroyed).toBe(true);
});

describe("a name", () => {
  test("stays in the Host header", async () => {
    const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
    const { port } = receiver;
    const { resolve } = scriptedResolve(["127.0.0.1"]);
    await openOutbound({ port, resolve }).send(requestTo(`http://hooks.example.com:${port}/`));
    expect(receiver.requests[0]).toContain(`\r\nhost: hooks.example.com:${port}\r\n`);
  });

  test("is resolved once for all requests on a connection", async () => {
    const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
    const { port } = receiver;
    const { resolve, asked } = scriptedResolve(["127.0.0.1"]);
    const outbound = openOutbound({ port, resolve });
    for (let count = 0; count < 3; count += 1) {
      expect((await outbound.send(requestTo(`http://hooks.example.com:${port}/`))).kind).toBe("response");
      await connectionIsFree();
    }
    expect(asked).toHaveLength(1);
    expect(receiver.sockets).toHaveLength(1);
  });

  test("is tried by its addresses in order until one accepts", async () => {
    const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
    const { port } = receiver;
    const { resolve } = scriptedResolve(["127.0.0.3", "127.0.0.1", "127.0.0.2"]);
    const allowTargets = [{ cidr: "127.0.0.0/8", portMin: port, portMax: port }];
    const exchange = await openOutbound({ allowTargets, resolve }).send(requestTo(`http://a.example.com:${port}/`));
    expect(exchange).toMatchObject({ kind: "response", status: 200 });
  });

  test("that is allowed with its port is connected to whatever address it has; another name is not", async () => {
    const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
    const { port } = receiver;
    const allowTargets = [{ host: "hooks.internal", portMin: port, portMax: port }];
    const { resolve } = scriptedResolve(["127.0.0.1"], ["127.0.0.1"]);
    const outbound = openOutbound({ allowTargets, resolve });
    expect((await outbound.send(requestTo(`http://hooks.internal:${port}/`))).kind).toBe("response");
    expect((await outbound.send(requestTo(`http://a.internal:${port}/`))).kind).toBe("address_blocked");
    expect(receiver.sockets).toHaveLength(1);
  });

  test.each([
    [["64:ff9b::8.8.8.8"], "address_blocked"],
    [["10.0.0.1", "64:ff9b::10.0.0.1"], "address_blocked"],
    [["8.8.8.8", "64:ff9b::808:404"], "address_blocked"],
  ])(
    "whose IPv6 address carries an IPv4 address is refused unless that is public and its own: %j",
    async (addresses, kind) => {
      const { resolve } = scriptedResolve(addresses);
      const exchange = await openOutbound({ resolve }).send(requestTo("http://a.example.com/"));
      expect(exchange.kind).toBe(kind);
    },
  );

  test("is given up after eight addresses", async () => {
    const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
    const { port } = receiver;
    const silent = [2, 3, 4, 5, 6, 7, 8, 9].map((number) => `127.0.0.${number}`);
    const { resolve } = scriptedResolve([...silent, "127.0.0.1"]);
    const allowTargets = [{ cidr: "127.0.0.0/8", portMin: port, portMax: port }];
    const exchange = await openOutbound({ allowTargets, resolve }).send(requestTo(`http://a.example.com:${port}/`));
    expect(exchange).toMatchObject({
      kind: "network_error",
      detail: expect.stringContaining("ECONNREFUSED 127.0.0.9"),
    });
    expect(receiver.sockets).toEqual([]);
  });

  test("without an address, or whose servers fail, is a network error", async () => {
    const { resolve } = scriptedResolve([]);
    const outbound = openOutbound({ resolve });
    for (const detail of ["no address for a.example.com", "asked too often"])
      expect(await outbound.send(requestTo("http://a.example.com/"))).toMatchObject({ kind: "network_error", detail });
  });

  test("whose resolver rejects with nothing is a network error too", async () => {
    const outbound = openOutbound({ resolve: () => Promise.reject(undefined) });
    expect((await outbound.send(requestTo("http://a.example.com/"))).kind).toBe("network_error");
  });
});
