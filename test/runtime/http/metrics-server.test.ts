import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { createMetricsServer } from "../../../runtime/http/metrics-server.ts";
import { keyHash } from "../../../runtime/secrets/api-key.ts";

const key = "k".repeat(32);

async function listening(given: { key: string | null; text?: () => Promise<string> }): Promise<string> {
  const { text = async () => "a_metric 1\n" } = given;
  const server = createMetricsServer({
    metrics: { text, contentType: "text/plain; version=0.0.4; charset=utf-8" },
    keyHash: given.key === null ? null : keyHash(given.key),
    log: pino({ level: "silent" }),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void (server.close(), server.closeAllConnections()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const asks = async (url: string, init: RequestInit = {}) => {
  const answer = await fetch(url, init);
  return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
};

test("gives metrics to whoever reaches the port, and nothing else", async () => {
  const url = await listening({ key: null });
  const type = "text/plain; version=0.0.4; charset=utf-8";
  expect(await asks(`${url}/metrics`)).toEqual({ status: 200, type, text: "a_metric 1\n" });
  expect((await asks(`${url}/metrics?collect=1`)).status).toBe(200);
  for (const path of ["/", "/healthz", "/v1/event-types", "/metrics/"])
    expect((await asks(url + path)).status).toBe(404);
  expect((await asks(`${url}/metrics`, { method: "POST" })).status).toBe(405);
});

test("asks for the key if there is one", async () => {
  const url = `${await listening({ key })}/metrics`;
  expect((await asks(url)).status).toBe(401);
  expect((await asks(url, { headers: { authorization: `Bearer ${key}x` } })).status).toBe(401);
  expect((await asks(url, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
});

test("answers 503 while the database does not answer", async () => {
  const url = await listening({ key: null, text: () => Promise.reject(new Error("password=secret")) });
  expect(await asks(`${url}/metrics`)).toMatchObject({ status: 503, text: "The database does not answer.\n" });
});
