import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import createExpress, { type Express } from "express";
import { fastify as createFastify } from "fastify";
import { Hono } from "hono";
import { afterEach, describe, expect, test } from "vitest";
import { express } from "../src/adapters/express.ts";
import { fastify } from "../src/adapters/fastify.ts";
import { hono } from "../src/adapters/hono.ts";
import { lambda, type LambdaEvent } from "../src/adapters/lambda.ts";
import { nextPages, nextRoute } from "../src/adapters/next.ts";
import { web } from "../src/adapters/web.ts";
import { paid } from "./orders.ts";
import { Webhook } from "./shop.ts";

const webhook = new Webhook("whsec_test");
const body = JSON.stringify(paid);
const handler = webhook.handler(
  { "order.paid": () => undefined },
  { fallback: () => undefined, onError: () => undefined },
);

interface Answer {
  readonly status: number;
  readonly text: string;
}

type Post = (body: string, headers: Record<string, string>) => Promise<Answer>;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Serves on a free port of the loopback interface. */
async function serve(listener: Parameters<typeof createServer>[1]): Promise<Post> {
  const server = createServer({}, listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(async () => server.close());
  const { port } = server.address() as AddressInfo;
  return async (sent, headers) =>
    answerOf(await fetch(`http://127.0.0.1:${port}/hooks`, { method: "POST", body: sent, headers }));
}

async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, text: await response.text() };
}

const json = { "content-type": "application/json" };

function viaExpress(prepare: (app: Express) => void): Promise<Post> {
  const app = createExpress();
  prepare(app);
  app.post("/hooks", express(handler));
  return serve(app);
}

async function viaFastify(): Promise<Post> {
  const app = createFastify();
  closing.push(() => app.close());
  app.register(fastify(handler), { path: "/hooks" });
  app.post("/other", async (request) => request.body);
  const other = await app.inject({ method: "POST", url: "/other", payload: { stays: "parsed" } });
  expect(other.json()).toEqual({ stays: "parsed" });
  return async (payload, headers) => {
    const { statusCode, body: text } = await app.inject({ method: "POST", url: "/hooks", payload, headers });
    return { status: statusCode, text };
  };
}

async function viaHono(): Promise<Post> {
  const app = new Hono();
  app.post("/hooks", hono(handler));
  return async (sent, headers) => answerOf(await app.request("/hooks", { method: "POST", body: sent, headers }));
}

async function viaFetch(handle: (request: Request) => Promise<Response>): Promise<Post> {
  return async (sent, headers) => {
    return answerOf(await handle(new Request("https://shop.example/hooks", { method: "POST", body: sent, headers })));
  };
}

async function viaLambda(eventOf: (body: string, headers: Record<string, string>) => LambdaEvent): Promise<Post> {
  return async (sent, headers) => {
    const { statusCode, body: text } = await lambda(handler)(eventOf(sent, headers));
    return { status: statusCode, text };
  };
}

const lowerCase = (headers: Record<string, string>) => Object.fromEntries(new Headers(headers));
const listed = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));

describe("each adapter", () => {
  const adapters: readonly (readonly [string, () => Promise<Post>])[] = [
    ["express, with express.raw before it", () => viaExpress((app) => app.use(createExpress.raw({ type: "*/*" })))],
    ["express, with no parser before it", () => viaExpress(() => undefined)],
    ["express, with the bytes kept in rawBody", () => viaExpress((app) => app.use(keepingBytes))],
    ["fastify", viaFastify],
    ["hono", viaHono],
    ["next, app router", () => viaFetch(nextRoute(handler))],
    ["next, pages router", () => serve((request, response) => void nextPages(handler)(request, response))],
    ["web", () => viaFetch(web(handler))],
    [
      "lambda, version 1",
      () => viaLambda((sent, headers) => ({ body: sent, headers, multiValueHeaders: listed(headers) })),
    ],
    [
      "lambda, version 2, base64",
      () =>
        viaLambda((sent, headers) => ({
          body: btoa(escapedUtf8(sent)),
          headers: lowerCase(headers),
          isBase64Encoded: true,
        })),
    ],
    [
      "lambda, a load balancer",
      () => viaLambda((sent, headers) => ({ body: sent, multiValueHeaders: listed(lowerCase(headers)) })),
    ],
  ];

  test.each(adapters)("%s: a delivery is accepted", async (_name, adapter) => {
    const post = await adapter();
    expect(await post(body, { ...json, ...(await webhook.sign(body)) })).toEqual({ status: 200, text: "ok" });
  });

  test.each(adapters)("%s: a changed body is refused", async (_name, adapter) => {
    const post = await adapter();
    const answer = await post(`${body} `, { ...json, ...(await webhook.sign(body)) });
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining("no_matching_signature") });
  });

  test.each(adapters)("%s: a request without a signature is refused", async (_name, adapter) => {
    const answer = await (await adapter())(body, json);
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining("missing_header") });
  });

  // The bytes of the text as one character each, which is what btoa takes.
  function escapedUtf8(text: string): string {
    return String.fromCharCode(...new TextEncoder().encode(text));
  }
});

/** What Firebase does: the parsed body in `body`, the bytes in `rawBody`. */
const keepingBytes = createExpress.json({
  verify: (request, _response, bytes) => void Object.assign(request, { rawBody: bytes }),
});

test("express.json before the route is told, with what to do", async () => {
  const post = await viaExpress((app) => app.use(createExpress.json()));
  const answer = await post(body, { ...json, ...(await webhook.sign(body)) });
  expect(answer).toMatchObject({ status: 500, text: expect.stringContaining("express.raw") });
});

test("the pages router with its body parser is told, with what to do", async () => {
  const post = await serve((request, response) => {
    void (async () => {
      for await (const chunk of request) void chunk;
      await nextPages(handler)(Object.assign(request, { body: JSON.parse(body) }), response);
    })();
  });
  const answer = await post(body, { ...json, ...(await webhook.sign(body)) });
  expect(answer).toMatchObject({ status: 500, text: expect.stringContaining("bodyParser: false") });
});

test.each<[string, (request: Request) => Promise<Response>]>([["web", web(handler)]])(
  "%s: a GET is answered 405",
  async (_name, handle) => {
    expect((await handle(new Request("https://shop.example/hooks"))).status).toBe(405);
  },
);

test("next, pages router: a GET is answered 405", async () => {
  const server = createServer((request, response) => void nextPages(handler)(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(async () => server.close());
  const { port } = server.address() as AddressInfo;
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(405);
});

test("lambda answers in the form of the question: several values of a header to a load balancer that sends them", async () => {
  const headers = await webhook.sign(body);
  const type = "text/plain; charset=utf-8";
  expect(await lambda(handler)({ body, headers })).toMatchObject({ headers: { "content-type": type } });
  const answer = await lambda(handler)({ body, multiValueHeaders: listed(headers) });
  expect(answer).toMatchObject({ multiValueHeaders: { "content-type": [type] } });
  expect(answer).not.toHaveProperty("headers");
});

test("lambda: a header that came twice is refused", async () => {
  const headers = { ...listed(await webhook.sign(body)), "Shop-Signature": ["sha256=0", "sha256=1"] };
  expect(await lambda(handler)({ body, multiValueHeaders: headers })).toMatchObject({
    statusCode: 400,
    body: expect.stringContaining("invalid_header"),
  });
});
