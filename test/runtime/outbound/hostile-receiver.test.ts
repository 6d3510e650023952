import { describe, expect, test } from "vitest";
import { endlessChunk, endlessHead, receivers, writeForEver } from "./hostile-receivers.ts";
import {
  connectionIsFree,
  okResponse,
  openOutbound,
  openTcpReceiver,
  requestTo,
  socketIsClosed,
} from "./tcp-receiver.ts";

describe("a receiver that", () => {
  test.each(Object.entries(receivers))("%s", async (_name, [answer, kind, detail]) => {
    const receiver = await openTcpReceiver(answer);
    const { port } = receiver;
    // Long enough that a busy machine does not turn another end into this one.
    const timeoutMs = kind === "timeout" ? 150 : 5000;
    const request = requestTo(`http://127.0.0.1:${port}/`, { timeoutMs });
    expect(await openOutbound({ port }).send(request)).toMatchObject({ kind, detail: expect.stringContaining(detail) });
    // Whatever it came to, the connection is gone.
    await socketIsClosed(receiver);
    expect(receiver.sockets).toHaveLength(1);
  });

  test("sends a body without end has answered, and is cut off", async () => {
    const receiver = await openTcpReceiver((socket) => {
      socket.write(endlessHead);
      writeForEver(socket, endlessChunk);
    });
    const { port } = receiver;
    const exchange = await openOutbound({ port }).send(requestTo(`http://127.0.0.1:${port}/`));
    expect(exchange).toMatchObject({ kind: "response", status: 200 });
    await socketIsClosed(receiver);
    // What the buffers between the two hold, not what a receiver could send in five seconds.
    expect(receiver.sockets[0]?.bytesWritten).toBeLessThan(32 * 1024 * 1024);
  });

  test("answers twice has its second answer taken for no other request", async () => {
    const forged = "HTTP/1.1 500 Forged\r\nContent-Length: 6\r\n\r\nforged";
    const { port } = await openTcpReceiver((socket, number) => {
      socket.write(number % 2 === 0 ? okResponse + forged : okResponse);
    });
    const outbound = openOutbound({ port });
    const statuses: (number | string)[] = [];
    for (let count = 0; count < 6; count += 1) {
      const exchange = await outbound.send(requestTo(`http://127.0.0.1:${port}/`));
      statuses.push(exchange.kind === "response" ? exchange.status : exchange.kind);
      await connectionIsFree();
    }
    expect(statuses[0]).toBe(200);
    expect(statuses).not.toContain(500);
  });

  test("refuses the connection is a network error", async () => {
    const { port, sockets } = await openTcpReceiver(() => {});
    const allowTargets = [{ cidr: "127.0.0.0/8", portMin: port, portMax: port }];
    // Nobody listens on this address of the same machine.
    const exchange = await openOutbound({ allowTargets }).send(requestTo(`http://127.0.0.5:${port}/`));
    expect(exchange).toMatchObject({ kind: "network_error", detail: expect.stringContaining("ECONNREFUSED") });
    expect(sockets).toEqual([]);
  });
});
