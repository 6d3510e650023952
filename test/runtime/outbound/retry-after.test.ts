import { expect, test } from "vitest";
import { retryAfterMs } from "../../../runtime/outbound/retry-after.ts";
import { openOutbound, openTcpReceiver, requestTo } from "./tcp-receiver.ts";

const now = Date.parse("2026-05-08T14:00:00.000Z");

test.each([
  [429, "120", 120_000],
  [503, "0", 0],
  [503, "Fri, 08 May 2026 14:01:00 GMT", 60_000],
  [429, "Fri, 08 May 2026 13:59:00 GMT", 0],
  [500, "120", null],
  [200, "120", null],
  [429, "-1", null],
  [429, "1.5", null],
  [429, "1e3", null],
  [429, "99999999999", null],
  [429, "soon", null],
  [429, "2026-05-08T14:01:00Z", null],
  [429, "", null],
  [429, undefined, null],
  [429, ["1", "2"], null],
])("a %d with Retry-After %j asks for %s ms (RFC 9110 §10.2.3)", (status, header, expected) => {
  expect(retryAfterMs(status, header, now)).toBe(expected);
});

test("an exchange carries what a 429 asks for", async () => {
  const response = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n";
  const { port } = await openTcpReceiver((socket) => socket.write(response));
  const exchange = await openOutbound({ port }).send(requestTo(`http://127.0.0.1:${port}/`, {}));
  expect(exchange).toMatchObject({ kind: "response", status: 429, retryAfterMs: 7000 });
});
