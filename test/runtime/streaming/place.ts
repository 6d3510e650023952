import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Static } from "@sinclair/typebox";
import { pino } from "pino";
import { createApi } from "../../../runtime/api.ts";
import { createApp, type App } from "../../../runtime/app.ts";
import { catalog } from "../../../runtime/generated/catalog.ts";
import type { LogStreamBody, RunBody } from "../../../runtime/http/routes/log-streams.ts";
import { keyHash } from "../../../runtime/secrets/api-key.ts";
import { openKeyRing } from "../../../runtime/secrets/key-ring.ts";
import { createFakeClock, type FakeClock } from "../../fake-clock.ts";
import { openReceiver, type ReceivedRequest } from "../../receiver.ts";

export const start = Date.parse("2026-05-08T14:00:00.000Z");
export const tenant = "org_1";
const operatorKey = "operator-key-of-the-tests-0123456789abcdef";

/** The whole line, from the HTTP API to a real socket, on a clock that stands still. */
export interface StreamPlace {
  readonly app: App;
  readonly clock: FakeClock;
  readonly received: ReceivedRequest[];
  readonly url: string;
  readonly logLines: string[];
  /** What the receiver answers; 200 unless a test says otherwise. */
  answer: (request: ReceivedRequest) => number | Promise<number>;
  /** Calls the HTTP API with the operator's key, under `/v1/orgs/org_1/`. */
  readonly call: (method: Method, path: string, body?: object) => Promise<Answer>;
  readonly emit: (
    contract: "authsignal" | "auth0" | "auth0LogStream",
    count: number,
    type?: string,
  ) => Promise<readonly string[]>;
  /** Moves the clock and works all that is due then. */
  readonly workAt: (time: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** What any of the bodies may have; a test reads what its own answer has. */
  readonly body: Body;
}

interface Body {
  readonly logStream: Static<typeof LogStreamBody>;
  readonly logStreams: readonly Static<typeof LogStreamBody>[];
  readonly logs: readonly Static<typeof RunBody>[];
  readonly total: number;
  readonly lastRun: string | null;
  readonly signingKey: { readonly id: string };
  readonly signingKeys: readonly { readonly id: string }[];
  readonly key: string;
  readonly error: { readonly code: string; readonly message: string; readonly path?: string };
}

type Method = "GET" | "POST" | "PATCH" | "DELETE";

export async function openStreamPlace(): Promise<StreamPlace> {
  const folder = mkdtempSync(join(tmpdir(), "hookwright-streams-"));
  const received: ReceivedRequest[] = [];
  const logLines: string[] = [];
  const clock = createFakeClock(start);
  const receiver = await openReceiver(async (request) => {
    received.push(request);
    return place.answer(request);
  });
  const app = await createApp({
    database: join(folder, "hookwright.db"),
    catalog,
    keyRing: openKeyRing([{ id: "test", key: createHash("sha256").update("test").digest() }]),
    mode: "local",
    allowTargets: [{ cidr: "127.0.0.0/8", portMin: 1024, portMax: 65_535 }],
    clock,
    log: pino({ level: "trace" }, { write: (line) => void logLines.push(line) }),
  });
  const api = createApi(app, { adminKeyHash: keyHash(operatorKey), isReady: () => true });
  await app.engine.start();
  const place: StreamPlace = {
    ...{ app, clock, received, logLines },
    url: `${receiver.url}/logs`,
    answer: () => 200,
    call: async (method, path, body) => {
      const response = await api.inject({
        method,
        url: `/v1/orgs/${tenant}/${path}`,
        headers: {
          authorization: `Bearer ${operatorKey}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });
      const { statusCode: status, body: text } = response;
      return { status, text, body: text === "" ? null : JSON.parse(text) };
    },
    emit: async (contract, count, type = types[contract]) => {
      const emit = () => app.emit(contract, type, { tenant, data: data[contract] });
      // Of the same millisecond, so in the order in which they were asked for.
      return (await Promise.all(Array.from({ length: count }, emit))).map(({ id }) => id);
    },
    workAt: async (time) => {
      clock.moveTo(time);
      await app.streaming.settled();
    },
    close: async () => {
      await api.close();
      await app.close();
      await receiver.close();
      rmSync(folder, { recursive: true });
    },
  };
  return place;
}

const types = { authsignal: "action.log_created", auth0: "f", auth0LogStream: "f" } as const;

export const data = {
  authsignal: {
    tenantId: tenant,
    userId: "usr_1",
    actionCode: "signIn",
    idempotencyKey: "a9b8c7",
    createdAt: "2026-05-08T13:59:00.000Z",
    updatedAt: "2026-05-08T13:59:30.000Z",
    state: "ALLOW",
    stateUpdatedAt: "2026-05-08T13:59:30.000Z",
    outcome: "ALLOW",
  },
  auth0: {
    description: "Wrong email or password.",
    connection: "Username-Password-Authentication",
    client_id: "AaBbCc",
    client_name: "Acme",
    ip: "203.0.113.7",
    user_agent: "curl",
    details: {},
    user_id: "auth0|1",
    user_name: "ada@acme.example",
    strategy: "auth0",
    strategy_type: "database",
    isMobile: false,
  },
  auth0LogStream: { description: "Wrong email or password.", environment_name: "prod-us-1", is_mobile: false },
} as const;
