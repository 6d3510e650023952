import { once } from "node:events";
import { createServer, type AddressInfo, type Socket as TcpSocket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createOutbound } from "../../../runtime/outbound/outbound.ts";
import { paceMs, patienceMs } from "../../../runtime/outbound/sockets.ts";
import { createFakeClock } from "../../fake-clock.ts";
import { connectionIsFree, okResponse, openTcpReceiver, requestTo, type TcpReceiver } from "./tcp-receiver.ts";

const allowTargets = [{ cidr: "127.0.0.1/32", portMin: 1024, portMax: 65_535 }];

function openAt(options: { readonly socketsMax?: number } = {}) {
  const clock = createFakeClock(1_000_000);
  const outbound = createOutbound({ allowTargets, clock, ...options });
  const send = (to: TcpReceiver, path = "/") => outbound.send(requestTo(`http://127.0.0.1:${to.port}${path}`));
  return { clock, outbound, send };
}

/** A receiver that answers when it is told to. */
async function openPatientReceiver() {
  const asked: TcpSocket[] = [];
  const receiver = await openTcpReceiver((socket) => void asked.push(socket));
  const answer = () => asked.shift()?.write(okResponse);
  onTestFinished(() => {
    for (const socket of receiver.sockets) socket.destroy();
  });
  return { ...receiver, asked, answer };
}

/** A port that nobody listens on any more. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

const until = async (isReached: () => boolean) => {
  while (!isReached()) await connectionIsFree();
};
/** Long enough for everything that is going to happen on the loopback without time passing. */
const settle = async () => {
  for (let turn = 0; turn < 50; turn += 1) await connectionIsFree();
};
const kinds = async (exchanges: readonly Promise<{ readonly kind: string }>[]) =>
  (await Promise.all(exchanges)).map(({ kind }) => kind);

test("a receiver that answers at once gets four connections, however much is sent to it", async () => {
  const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
  const { send } = openAt();
  expect(await kinds(Array.from({ length: 64 }, () => send(receiver)))).toEqual(Array(64).fill("response"));
  expect(await kinds(Array.from({ length: 64 }, () => send(receiver)))).toEqual(Array(64).fill("response"));
  expect(receiver.sockets).toHaveLength(4);
});

test("one after the other goes over one connection", async () => {
  const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
  const { send } = openAt();
  for (let count = 0; count < 5; count += 1) {
    expect((await send(receiver)).kind).toBe("response");
    await connectionIsFree();
  }
  expect(receiver.sockets).toHaveLength(1);
});

test("requests to one that is slow get connections of their own once they have been patient", async () => {
  const receiver = await openPatientReceiver();
  const { clock, send } = openAt();
  const exchanges = Array.from({ length: 4 }, () => send(receiver));
  await until(() => receiver.asked.length === 4);
  exchanges.push(send(receiver), send(receiver));
  clock.moveTo(1_000_000 + patienceMs - 1);
  exchanges.push(send(receiver));
  await settle();
  expect(receiver.sockets).toHaveLength(4);
  clock.moveTo(1_000_000 + patienceMs);
  await until(() => receiver.asked.length === 6);
  await settle();
  expect(receiver.sockets).toHaveLength(6);
  clock.moveTo(1_000_000 + 2 * patienceMs - 1);
  await until(() => receiver.asked.length === 7);
  for (let count = 0; count < 7; count += 1) receiver.answer();
  expect(await kinds(exchanges)).toEqual(Array(7).fill("response"));
  expect(clock.timerCount()).toBe(0);
});

test("one that has as much as it can do gets no more connections, until it has been slow for a while", async () => {
  const receiver = await openPatientReceiver();
  const { clock, send } = openAt();
  const ended: string[] = [];
  const begin = (count: number) => {
    for (let index = 0; index < count; index += 1) void send(receiver).then(({ kind }) => ended.push(kind));
  };
  const answerAll = async () => {
    const count = ended.length + receiver.asked.length;
    while (receiver.asked.length > 0) receiver.answer();
    await until(() => ended.length === count);
    await settle();
  };
  let time = 1_000_000;
  // At first it answers within a millisecond.
  begin(4);
  await until(() => receiver.asked.length === 4);
  clock.moveTo((time += 1));
  await answerAll();
  begin(40);
  // Then each takes 20 ms, and those behind wait for longer than anybody's patience.
  for (let round = 0; round < 10; round += 1) {
    await until(() => receiver.asked.length === 4);
    clock.moveTo((time += 20));
    await answerAll();
  }
  expect(receiver.sockets).toHaveLength(4);
  // That it was quick once is forgotten.
  clock.moveTo((time += 2 * paceMs));
  begin(12);
  await until(() => receiver.asked.length === 4);
  clock.moveTo((time += patienceMs - 1));
  await answerAll();
  clock.moveTo((time += 1));
  await until(() => receiver.sockets.length > 4);
  while (ended.length < 56) await answerAll();
  expect(ended).toEqual(Array(56).fill("response"));
});

test("where all that is under way hangs, the next gets a connection, however quick the receiver was before", async () => {
  const receiver = await openPatientReceiver();
  const { clock, send } = openAt();
  let time = 1_000_000;
  for (const tookMs of [1, 20]) {
    const exchanges = Array.from({ length: 4 }, () => send(receiver));
    await until(() => receiver.asked.length === 4);
    clock.moveTo((time += tookMs));
    while (receiver.asked.length > 0) receiver.answer();
    await Promise.all(exchanges);
    await settle();
  }
  const exchanges = Array.from({ length: 5 }, () => send(receiver));
  await until(() => receiver.asked.length === 4);
  clock.moveTo((time += patienceMs));
  await until(() => receiver.asked.length === 5);
  while (receiver.asked.length > 0) receiver.answer();
  expect(await kinds(exchanges)).toEqual(Array(5).fill("response"));
});

test("a connection that becomes free goes to the request that has waited longest", async () => {
  const receiver = await openPatientReceiver();
  const { send } = openAt();
  const exchanges = Array.from({ length: 7 }, (_, index) => send(receiver, `/${index}`));
  await until(() => receiver.asked.length === 4);
  for (let count = 4; count < 7; count += 1) {
    receiver.answer();
    await until(() => receiver.requests.length === count + 1);
  }
  const paths = receiver.requests.map((request) => request.split(" ")[1]).slice(4);
  expect(paths).toEqual(["/4", "/5", "/6"]);
  while (receiver.asked.length > 0) receiver.answer();
  await Promise.all(exchanges);
  expect(receiver.sockets).toHaveLength(4);
});

test("a connection attempt that fails leaves its place to the next", async () => {
  const receiver = await openTcpReceiver((socket) => socket.write(okResponse));
  const { send } = openAt({ socketsMax: 2 });
  const unreachable = { ...receiver, port: await freePort() };
  expect(await kinds(Array.from({ length: 9 }, () => send(unreachable)))).toEqual(Array(9).fill("network_error"));
  expect((await send(receiver)).kind).toBe("response");
});

test("at the bound of the process the connection that has been idle longest is closed for another one", async () => {
  const receivers = await Promise.all([0, 1, 2].map(() => openTcpReceiver((socket) => socket.write(okResponse))));
  const [first, second, third] = receivers as [TcpReceiver, TcpReceiver, TcpReceiver];
  const { send } = openAt({ socketsMax: 2 });
  for (const receiver of [first, second, first]) {
    expect((await send(receiver)).kind).toBe("response");
    await connectionIsFree();
  }
  expect((await send(third)).kind).toBe("response");
  await until(() => second.sockets.every((socket) => socket.closed));
  expect(first.sockets.map((socket) => socket.closed)).toEqual([false]);
  expect(first.sockets).toHaveLength(1);
});

test("where all are in use a request waits, longest first, and its deadline passes meanwhile", async () => {
  const [busy, other, late] = [await openPatientReceiver(), await openPatientReceiver(), await openPatientReceiver()];
  const { clock, outbound, send } = openAt({ socketsMax: 2 });
  const first = [send(busy), send(busy)];
  await until(() => busy.asked.length === 2);
  const waiting = send(other);
  clock.moveTo(1_000_010);
  const behind = send(busy, "/behind");
  const tooLate = outbound.send(requestTo(`http://127.0.0.1:${late.port}/`, { timeoutMs: 100 }));
  clock.moveTo(1_000_110);
  const detail = "deadline of 100 ms passed while waiting for a connection to become free";
  expect(await tooLate).toMatchObject({ kind: "timeout", detail });
  await settle();
  expect([other.sockets.length, busy.requests.length]).toEqual([0, 2]);
  busy.answer();
  await until(() => other.asked.length === 1);
  expect(busy.requests).toHaveLength(2);
  busy.answer();
  await until(() => busy.requests.length === 3);
  busy.answer();
  other.answer();
  expect(await kinds([...first, waiting, behind])).toEqual(Array(4).fill("response"));
  expect(late.sockets).toHaveLength(0);
});
