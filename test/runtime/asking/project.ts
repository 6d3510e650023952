import { createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import pino from "pino";
import { onTestFinished } from "vitest";
import { createApp, type App } from "../../../runtime/app.ts";
import type { NewAction } from "../../../runtime/asking/actions.ts";
import { systemClock, type Clock } from "../../../runtime/seams/clock.ts";
import { catalog } from "../../../runtime/generated/catalog.ts";
import { openKeyRing } from "../../../runtime/secrets/key-ring.ts";
import type { OpenStoreOptions } from "../../../runtime/store/open-store.ts";

export const contract = catalog.authio.declaration;
export const tenant = "proj_1";
export const by = { actorId: "operator" };
export const allowTargets = [{ cidr: "127.0.0.0/8", portMin: 1024, portMax: 65_535 }];

export const request = { ip: null, user_agent: null, method: "passkey" } as const;
export const user = { id: "usr_1", email: null };
export const session = { id: "ses_1", organization_id: null };
export const early = { user: null, session: null, request, metadata: {} };
export const minting = { user, session, claims: {}, request, metadata: {} };

/** An app on a database, closed with the test. */
export async function openProject(
  given: {
    readonly database?: OpenStoreOptions<unknown>["database"];
    readonly clock?: Clock;
    readonly start?: true;
  } = {},
): Promise<App> {
  const app = await createApp({
    database: given.database ?? ":memory:",
    catalog,
    keyRing: openKeyRing([{ id: "test", key: createHash("sha256").update("test").digest() }]),
    mode: "local",
    allowTargets,
    log: pino({ level: "silent" }),
    clock: given.clock ?? systemClock,
  });
  if (given.start) await app.engine.start();
  onTestFinished(() => app.close());
  return app;
}

/** An action at `pre_token_mint`, unless given otherwise. */
export function act(app: App, url: string, over: Partial<NewAction> = {}) {
  return app.actions.create({ tenant, contract: contract.id, trigger: "pre_token_mint", url, ...over }, by);
}

/** A question to the action at `pre_token_mint`. */
export function ask(app: App, settings: Record<string, boolean | readonly string[]> = {}) {
  return app.ask(contract.id, "pre_token_mint", { tenant, data: minting, settings });
}

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A receiver that answers what `reply` gives, as JSON unless it says otherwise, and keeps what it was asked. */
export async function openAnswers(
  reply: (received: Received, number: number) => Reply,
): Promise<{ readonly url: string; readonly received: Received[] }> {
  const received: Received[] = [];
  const url = await listen((incoming, response) => {
    let body = "";
    incoming.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    incoming.on("end", () => {
      const number = received.push({ headers: incoming.headers, body }) - 1;
      const {
        status = 200,
        headers = { "content-type": "application/json" },
        body: answer = "",
      } = reply({ headers: incoming.headers, body }, number);
      response.writeHead(status, headers).end(answer);
    });
  });
  return { url, received };
}

/** A server on a free port of this machine, closed with the test. */
export async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/authio-action`;
}

export const allowing = () => ({ body: '{"decision":"allow"}' });

/** The facts about actions, in order of the log. */
export async function factsOf(
  app: App,
  type?: string,
): Promise<readonly { type: string; data: Record<string, unknown> }[]> {
  const rows = await app.store.database
    .selectFrom("hookwright_events")
    .select("body")
    .where("contract", "=", "hookwright")
    .where("type", "like", type ?? "action.%")
    .orderBy("time")
    .execute();
  return rows.map(({ body }) => JSON.parse(body));
}

/** The newest invocation of an action. */
export async function lastInvocation(app: App, id: string) {
  const [last] = await app.actions.invocations({ tenant, id });
  if (last === undefined) throw new Error("Nobody was asked.");
  return last;
}
