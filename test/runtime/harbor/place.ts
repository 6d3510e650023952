import { createHash, createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, symlinkSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import pino from "pino";
import { emitters } from "../../../generator/emitters.ts";
import { generateFrom } from "../../../generator/generate.ts";
import { readCatalog } from "../../../generator/read/read-catalog.ts";
import { createApi } from "../../../runtime/api.ts";
import { createApp, type App } from "../../../runtime/app.ts";
import type { WireCatalog } from "../../../runtime/contracts/wire-contract.ts";
import { openKeyRing } from "../../../runtime/secrets/key-ring.ts";
import type { OpenStoreOptions } from "../../../runtime/store/open-store.ts";
import type { WebhookConstructor } from "../../../sdks/typescript/src/core/webhook.ts";
import { createSkippingClock, type SkippingClock } from "../../demo/skipping-clock.ts";

const root = join(import.meta.dirname, "../../..");
const harborIndex = "test/runtime/harbor/catalog/index.ts";

/** Generates everything from the harbor's catalog. */
export const generateHarbor = (folder: string, index = harborIndex): Promise<WireCatalog> => generateIn(folder, index);

/** Reads a catalog and generates everything from it into a folder that stands where a project would. */
export async function generateIn(folder: string, index: string): Promise<WireCatalog> {
  const { model, diagnostics } = readCatalog({ root, index });
  if (model === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  mkdirSync(join(folder, "runtime"));
  mkdirSync(join(folder, "catalog"));
  mkdirSync(join(folder, "sdks/typescript/src"), { recursive: true });
  for (const path of ["runtime/contracts", "runtime/emitter.ts", "node_modules", "sdks/typescript/src/core"]) {
    symlinkSync(join(root, path), join(folder, path));
  }
  const declarations = pathToFileURL(join(root, index)).href;
  writeFileSync(join(folder, "catalog/index.ts"), `export { catalog } from ${JSON.stringify(declarations)};\n`);
  await generateFrom(model, emitters, { root: folder, mode: "write" });
  const generated: { catalog: WireCatalog } = await import(
    pathToFileURL(join(folder, "runtime/generated/catalog.ts")).href
  );
  return generated.catalog;
}

/** The receiver that was generated for a contract, as somebody who gets its events uses it. */
export async function receiverIn(
  folder: string,
  contract = "harbor",
): Promise<{ readonly Webhook: WebhookConstructor<EventMap, object> }> {
  return import(pathToFileURL(join(folder, `sdks/typescript/src/contracts/${contract}.ts`)).href);
}

type EventMap = Record<string, object>;

/** A request that came over a socket. */
export interface Ring {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The runtime on the harbor's catalog, its API, and a receiver behind a real socket. */
export interface Harbor {
  readonly app: App;
  readonly clock: SkippingClock;
  readonly rings: Ring[];
  /** What the receiver answers next; 202 when nothing is left. */
  readonly answers: { readonly status: number; readonly body: string }[];
  readonly receiverUrl: string;
  readonly call: (method: string, path: string, body?: object) => Promise<{ status: number; body: Answer }>;
  /** Waits until all that is due was attempted. */
  readonly settle: () => Promise<void>;
  /** Another process on the same database, in place of this one. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What any of the answers may have. */
export interface Answer {
  readonly endpoint: {
    readonly id: string;
    readonly events: readonly string[];
    readonly enabled: boolean;
    readonly publicKey: string;
  } & Readonly<Record<string, unknown>>;
  readonly signingSecret: string;
  readonly deliveries: readonly { readonly id: string; readonly status: string; readonly lastError: string | null }[];
  readonly delivery: { readonly attempts: readonly Readonly<Record<string, unknown>>[] };
  readonly hasMore: boolean;
  readonly event: { readonly id: string };
  readonly events: readonly Readonly<Record<string, unknown>>[];
  readonly error: { readonly code: string; readonly message: string };
}

const adminKey = "operator-key-of-the-harbor-0123456789abcdef";

export interface HarborOptions {
  readonly mode?: "production" | "local";
  /** What the receiver answers where nothing else was said. Null: 202. */
  readonly answer?: (ring: Ring) => { readonly status: number; readonly body: string } | null;
}

export async function openHarbor(
  catalog: WireCatalog,
  database: OpenStoreOptions<unknown>["database"],
  { mode = "production", answer = () => null }: HarborOptions = {},
): Promise<Harbor> {
  const clock = createSkippingClock();
  const rings: Ring[] = [];
  const answers: { status: number; body: string }[] = [];
  const receiver = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const ring = { headers: request.headers, body };
      rings.push(ring);
      const { status, body: text } = answers.shift() ?? answer(ring) ?? { status: 202, body: "" };
      response.writeHead(status).end(text);
    });
  });
  const port = await listen(receiver);
  const options = {
    database,
    catalog,
    keyRing: openKeyRing([{ id: "harbor", key: createHash("sha256").update("harbor").digest() }]),
    mode,
    allowTargets: [{ cidr: "127.0.0.0/8", portMin: port, portMax: port }],
    log: pino({ level: "silent" }),
    clock,
    random: randomBytes,
  };
  const open = async () => {
    const app = await createApp(options);
    const api = createApi(app, {
      adminKeyHash: createHash("sha256").update(adminKey).digest("hex"),
      isReady: () => true,
    });
    await app.engine.start();
    return { app, api, url: await api.listen({ host: "127.0.0.1", port: 0 }) };
  };
  let current = await open();
  const stop = async () => {
    await current.api.close();
    await current.app.close();
  };

  return {
    get app() {
      return current.app;
    },
    clock,
    rings,
    answers,
    receiverUrl: `http://127.0.0.1:${port}/bell`,
    call: async (method, path, body) => {
      const response = await fetch(`${current.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${adminKey}`, ...(body && { "content-type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === "" ? null : JSON.parse(text) };
    },
    settle: async () => {
      let left: number;
      do {
        left = await unplaced(current.app);
        await current.app.engine.idle();
      } while (left > 0);
    },
    restart: async () => {
      await stop();
      current = await open();
    },
    close: async () => {
      await stop();
      receiver.closeAllConnections();
      await new Promise((resolve) => receiver.close(resolve));
    },
  };
}

/** Events without a place in the log: on PostgreSQL a transaction in any database of the cluster holds it back. */
export async function unplaced({ store }: App): Promise<number> {
  const count = async (table: "hookwright_events" | "hookwright_log") => {
    const rows = store.database.selectFrom(table).select((eb) => eb.fn.countAll<number>().as("count"));
    return Number((await rows.executeTakeFirstOrThrow()).count);
  };
  return (await count("hookwright_events")) - (await count("hookwright_log"));
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

export function temporaryFolder(): { readonly path: string; readonly dispose: () => void } {
  const path = mkdtempSync(join(tmpdir(), "hookwright-harbor-"));
  return { path, dispose: () => rmSync(path, { recursive: true }) };
}

/**
 * The seal a receiver expects, from what the contract says in words: base64 without padding of the HMAC-SHA256 over ring,
 * the word ring, body and time in milliseconds, parted by bars, keyed with what follows `hbr.`.
 */
export function sealOf(secret: string, { headers, body }: Ring, at: string): string {
  const key = Buffer.from(secret.replace(/^hbr\./, ""), "base64");
  const digest = createHmac("sha256", key)
    .update(["ring", String(headers["harbor-ring"]), body, at].join(" | "))
    .digest("base64");
  return digest.replace(/=+$/, "");
}
