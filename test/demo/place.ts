import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { examplesOf } from "../../runtime/contracts/examples.ts";
import type { WireContract } from "../../runtime/contracts/wire-contract.ts";
import type { Contract } from "../../catalog/contract.ts";
import type { EmittedEvent, UntypedInput } from "../../runtime/emitter.ts";
import { catalog, type Askers, type Emitters } from "../../runtime/generated/catalog.ts";
import { openHookwright, type Hookwright } from "../../runtime/open-hookwright.ts";
import { openKeyRing } from "../../runtime/secrets/key-ring.ts";
import { openReceivers, type Keeps, type Receivers } from "./receivers.ts";
import { createSkippingClock, type SkippingClock } from "./skipping-clock.ts";

export const tenant = "acme";

/** One runtime with its HTTP API, and the receivers of all systems. */
export interface Place {
  readonly hooks: Hookwright<Emitters & Askers>;
  readonly receivers: Receivers;
  readonly clock: SkippingClock;
  /** Calls the HTTP API as the operator, under `/v1/orgs/acme/`. Throws when it is refused. */
  readonly call: <Answer>(method: "GET" | "POST" | "PATCH" | "PUT", path: string, body?: object) => Promise<Answer>;
  /** Emits every example of every event type. */
  readonly emitExamples: (contract: keyof Emitters) => Promise<readonly EmittedEvent[]>;
  /** Ends when nothing is due any more; the clock skips the waits until then. */
  readonly settle: () => Promise<void>;
  readonly say: (line: string) => void;
  /** Opens the dashboard as the operator. */
  readonly dashboard: string;
  readonly close: () => Promise<void>;
}

export async function openPlace(given: {
  readonly keeps: Keeps;
  readonly say: (line: string) => void;
}): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "hookwright-demo-"));
  const clock = createSkippingClock();
  const receivers = await openReceivers(given.keeps);
  const hooks = await openHookwright({
    database: join(folder, "hookwright.db"),
    catalog,
    keyRing: openKeyRing([{ id: "demo", key: randomBytes(32) }]),
    allowTargets: [{ cidr: "127.0.0.0/8", portMin: receivers.port, portMax: receivers.port }],
    clock,
  });
  const adminKey = randomBytes(24).toString("base64url");
  const adminKeyHash = createHash("sha256").update(adminKey).digest("hex");
  const api = hooks.api({ adminKeyHash, isReady: () => true });
  const address = await api.listen({ host: "127.0.0.1", port: 0 });
  given.say(`Hookwright on SQLite, its HTTP API on ${address}, all receivers on port ${receivers.port}`);
  const call = callsTo(address, adminKey);
  return {
    ...{ hooks, receivers, clock, call, say: given.say },
    dashboard: `${address}/ui/orgs/${tenant}#token=${adminKey}`,
    emitExamples: (contract) => emitExamples(hooks, contract),
    settle: () => settle({ hooks, clock, call }),
    close: async () => {
      await api.close();
      await hooks.close();
      await receivers.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function callsTo(address: string, adminKey: string): Place["call"] {
  return async (method, path, body) => {
    const response = await fetch(`${address}/v1/orgs/${tenant}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminKey}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return JSON.parse(text);
  };
}

async function emitExamples(hooks: Place["hooks"], id: keyof Emitters): Promise<readonly EmittedEvent[]> {
  const contract: WireContract<Contract> = catalog[id];
  // Of all types in turn, so what the compiler knows of each is of no use here.
  const emit = hooks[id].emit as (type: string, event: UntypedInput) => Promise<EmittedEvent>;
  const examples = Object.keys(contract.eventTypes).flatMap((type) =>
    examplesOf(contract, type).map(({ name: _, ...said }) => ({ type, said })),
  );
  // All at once: those that wait for the disk together share one write.
  return Promise.all(examples.map(({ type, said }) => emit(type, { tenant, ...said })));
}

/** What a wait is at most skipped to: more than any contract's retries need. */
const roundsMax = 200;

async function settle({ hooks, clock, call }: Pick<Place, "hooks" | "clock" | "call">): Promise<void> {
  for (let round = 0; round < roundsMax; round += 1) {
    await hooks.engine.idle();
    await hooks.streaming.settled();
    const due = [hooks.engine.nextDueAt(), ...(await streamsDueAt(call))].filter((each) => each !== null);
    if (due.length === 0) return;
    clock.skipTo(Math.min(...due));
  }
  throw new Error(`There was always something due, ${roundsMax} times.`);
}

interface Streams {
  readonly logStreams: readonly {
    readonly contract: string;
    readonly status: string;
    readonly dueAt: string;
    readonly oldestUndeliveredAt: string | null;
  }[];
}

/** What happened that much later than the oldest event is sent together with it. */
const slackMs = 1000;

/** When the streams that have something to send are looked at next, and find it old enough. */
async function streamsDueAt(call: Place["call"]): Promise<readonly number[]> {
  const { logStreams } = await call<Streams>("GET", "log-streams");
  return logStreams.flatMap(({ contract, status, dueAt, oldestUndeliveredAt }) => {
    if (status !== "active" || oldestUndeliveredAt === null) return [];
    const { declaration }: WireContract<Contract> =
      Object.entries(catalog).find(([id]) => id === contract)?.[1] ?? catalog.stech;
    const delayMs = declaration.mode === "stream" ? declaration.delay.defaultSeconds * 1000 : 0;
    return [Math.max(Date.parse(dueAt), Date.parse(oldestUndeliveredAt) + delayMs) + slackMs];
  });
}
