import { connect, type AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openHttpHarness, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
beforeEach(async () => {
  http = await openHttpHarness();
});
afterEach(() => http.close());

const path = "/v1/orgs/acme/webhook-endpoints";

function requestFrom(remoteAddress: string, key: string) {
  return http.app.inject({ url: path, remoteAddress, headers: { authorization: `Bearer ${key}` } });
}

/** How many of these keys were looked up, and the last answer. */
async function guess(address: string, count: number) {
  const answers = [];
  for (let index = 0; index < count; index += 1) answers.push(await requestFrom(address, `hwk_${address}_${index}`));
  const statuses = answers.map(({ statusCode }) => statusCode);
  return { lookedUp: statuses.filter((status) => status === 401).length, last: answers.at(-1) };
}

test("wrong keys are looked up ten times a second for each address, and then answered 429 with Retry-After", async () => {
  const { lookedUp, last } = await guess("203.0.113.7", 30);
  expect([lookedUp, last?.statusCode, last?.headers["retry-after"]]).toEqual([10, 429, "1"]);
  expect(http.limits).toEqual(Array(20).fill("address"));
  expect((await guess("203.0.113.8", 5)).lookedUp).toBe(5);
  http.clock.moveTo(http.clock.now() + 500);
  expect((await guess("203.0.113.7", 30)).lookedUp).toBe(5);
});

test("those of one IPv6 network are one address", async () => {
  const counts = [];
  for (const address of ["2001:db8::1", "2001:db8:0:0:9::2", "2001:db8:0:1::1"])
    counts.push((await guess(address, 8)).lookedUp);
  expect(counts).toEqual([8, 2, 8]);
});

test("a key that was right is not held up by guesses from its address, and costs no guess", async () => {
  const key = await http.key("acme", "member");
  for (let count = 0; count < 20; count += 1) expect((await requestFrom("203.0.113.7", key)).statusCode).toBe(200);
  expect((await guess("203.0.113.7", 30)).lookedUp).toBe(10);
  expect((await requestFrom("203.0.113.7", key)).statusCode).toBe(200);
});

test("keys that are right are not taken for guesses, however many are used for the first time at once", async () => {
  const keys = await Promise.all(Array.from({ length: 40 }, () => http.key("acme", "member")));
  const answers = await Promise.all(keys.map((key) => requestFrom("203.0.113.7", key)));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(keys.map(() => 200));
});

test("wrong keys that come at once are looked up 13 times at most", async () => {
  const guesses = Array.from({ length: 60 }, (_, index) => requestFrom("203.0.113.7", `hwk_${index}`));
  const statuses = (await Promise.all(guesses)).map(({ statusCode }) => statusCode);
  expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(13);
});

test("a body in a coding that is not understood is answered 415", async () => {
  const body = { url: "https://a.example", events: ["*"] };
  const post = (coding: string) => http.call({ method: "POST", path, body, headers: { "content-encoding": coding } });
  expect(await post("gzip")).toMatchObject({
    status: 415,
    headers: { "accept-encoding": "identity" },
    body: { error: { code: "unsupported_media_type" } },
  });
  expect((await post("identity")).status).toBe(201);
});

test("two Host headers are answered 400", async () => {
  await http.app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = http.app.server.address() as AddressInfo;
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () =>
      socket.write("GET /healthz HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\nConnection: close\r\n\r\n"),
    );
    let text = "";
    socket
      .on("data", (chunk) => (text += chunk.toString()))
      .on("end", () => resolve(text))
      .on("error", reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain("Host: expected one header, got 2.");
});
