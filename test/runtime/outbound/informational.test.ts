import { expect, test } from "vitest";
import { connectionIsFree, okResponse, openOutbound, openTcpReceiver, requestTo } from "./tcp-receiver.ts";

const continued = "HTTP/1.1 100 Continue\r\n\r\n";

async function answers(...chunks: readonly string[]) {
  const receiver = await openTcpReceiver((socket) => {
    void (async () => {
      for (const chunk of chunks) await new Promise((resolve) => socket.write(chunk, () => setImmediate(resolve)));
    })();
  });
  const outbound = openOutbound({ port: receiver.port });
  const sent = [];
  for (let count = 0; count < 2; count += 1) {
    const { durationMs: _, ...exchange } = await outbound.send(requestTo(`http://127.0.0.1:${receiver.port}/`));
    sent.push(exchange.kind === "response" ? [exchange.status, Buffer.from(exchange.body ?? []).toString()] : exchange);
    await connectionIsFree();
  }
  return { sent, connectionCount: receiver.sockets.length };
}

test.each([
  ["once", [continued + okResponse]],
  [
    "with headers, before another informational response",
    ["HTTP/1.1 100 Continue\r\nDate: now\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + continued + okResponse],
  ],
  ["byte by byte", [...continued, okResponse]],
])("a 100 Continue that nobody asked for is passed over: %s", async (_name, chunks) => {
  // Both over one connection, which stays open.
  expect(await answers(...chunks)).toEqual({
    sent: [
      [200, "ok"],
      [200, "ok"],
    ],
    connectionCount: 1,
  });
});

test("a body that looks like one stays as it is", async () => {
  const body = continued + continued;
  const sent = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`;
  expect((await answers(sent, body)).sent).toEqual([
    [200, body],
    [200, body],
  ]);
});
