import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import pino from "pino";
import { createApi } from "../../../runtime/api.ts";
import { createApp, type App } from "../../../runtime/app.ts";
import type { WireCatalog } from "../../../runtime/contracts/wire-contract.ts";
import { openKeyRing } from "../../../runtime/secrets/key-ring.ts";
import type { Role } from "../../../runtime/seams/api-key-store.ts";
import type { OpenStoreOptions } from "../../../runtime/store/open-store.ts";
import { unplaced } from "../harbor/place.ts";
import { createSkippingClock, type SkippingClock } from "../../demo/skipping-clock.ts";

/** A request that came to the receiver. */
export interface Delivered {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly path: string;
}

type Receive = (request: Request) => Promise<Response> | Response;

/** The runtime on a catalog, its API over a socket, and a receiver that a test says the answers of. */
export interface Place {
  readonly app: App;
  readonly clock: SkippingClock;
  readonly delivered: Delivered[];
  readonly receiverUrl: string;
  readonly mcpUrl: (tenant: string, contract?: string) => string;
  /** Answers what comes to the receiver from now on. */
  readonly receive: (answer: Receive) => void;
  readonly key: (tenant: string, role: Role) => Promise<string>;
  readonly portalToken: (tenant: string, scope: "read" | "manage") => Promise<string>;
  readonly emit: (tenant: string, type: string, data: object) => Promise<string>;
  /** Waits until everything that is due was attempted. */
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Echoes the challenge, and takes everything else. */
export const echo: Receive = async (request) => {
  const { type, challenge } = Object(await request.json());
  return type === "verification" ? Response.json({ challenge }) : new Response(null, { status: 204 });
};

export async function openPlace(catalog: WireCatalog, database: OpenStoreOptions<unknown>["database"]): Promise<Place> {
  const clock = createSkippingClock();
  const delivered: Delivered[] = [];
  let answer: Receive = echo;
  const receiver = createServer((request, response) => void take(request, response));
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const path = request.url ?? "/";
    delivered.push({ headers, body, path });
    const asked = new Request(`http://127.0.0.1${path}`, { method: "POST", headers, body });
    const answered = await answer(asked);
    response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(await answered.text());
  };
  const port = await listen(receiver);
  const app = await createApp({
    database,
    catalog,
    keyRing: openKeyRing([{ id: "mcp", key: createHash("sha256").update("mcp").digest() }]),
    // The one mode in which a URL may begin with http://, as a receiver on this machine has it.
    mode: "local",
    allowTargets: [{ cidr: "127.0.0.0/8", portMin: port, portMax: port }],
    log: pino({ level: "silent" }),
    clock,
    random: randomBytes,
  });
  const api = createApi(app, { adminKeyHash: "0".repeat(64), isReady: () => true });
  await app.start();
  const url = await api.listen({ host: "127.0.0.1", port: 0 });
  return {
    app,
    clock,
    delivered,
    receiverUrl: `http://127.0.0.1:${port}/hook`,
    mcpUrl: (tenant, contract) =>
      `${url}/v1/orgs/${tenant}/mcp${contract === undefined ? "" : `?contract=${contract}`}`,
    receive: (next) => void (answer = next),
    key: async (tenant, role) => {
      const by = { tenant, actorId: "operator" };
      return (await app.keys.create(by, { role, description: null, expiresAt: null })).key;
    },
    portalToken: async (tenant, scope) => {
      const by = { tenant, actorId: "operator" };
      return (await app.keys.createPortalToken(by, { scope, seconds: 3600 })).token;
    },
    emit: async (tenant, type, data) => {
      const { id } = await app.emit(type.startsWith("ledger.") ? "ledger" : "incidents", type, { tenant, data });
      return id;
    },
    settle: async () => {
      let left: number;
      do {
        left = await unplaced(app);
        await app.engine.idle();
      } while (left > 0);
    },
    close: async () => {
      await api.close();
      await app.close();
      receiver.closeAllConnections();
      await new Promise((resolve) => receiver.close(resolve));
    },
  };
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
