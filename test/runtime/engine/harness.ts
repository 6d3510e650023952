import { createNewId } from "../../../runtime/contracts/identifier.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Random } from "../../../runtime/contracts/identifier.ts";
import type { WireCatalog } from "../../../runtime/contracts/wire-contract.ts";
import type { EmitUntyped } from "../../../runtime/emitter.ts";
import { createEngine, engineLimits, type Engine } from "../../../runtime/engine/engine.ts";
import type { EngineLimits } from "../../../runtime/engine/context.ts";
import { createEmit, createRender } from "../../../runtime/events.ts";
import type { Exchange, OutboundRequest } from "../../../runtime/seams/outbound.ts";
import type { EndpointSettings } from "../../../runtime/endpoints/settings.ts";
import type { Endpoint, LogStore, Events } from "../../../runtime/seams/log-store.ts";
import { executorIn } from "../../../runtime/transactions/executor-in.ts";
import { openStore, type OpenedStore } from "../../../runtime/store/open-store.ts";
import { createFakeClock, type FakeClock } from "../../fake-clock.ts";
import { anyDataCatalog } from "./any-data-catalog.ts";

/** A request an endpoint got, and when by the fake clock. */
export interface Received extends OutboundRequest {
  readonly at: number;
}

export interface Harness {
  readonly store: OpenedStore;
  readonly clock: FakeClock;
  readonly emit: EmitUntyped;
  readonly received: Received[];
  readonly engine: () => Engine;
  /** Another engine on the same database, as after a restart; the one before is left as it is. */
  readonly startEngine: (limits?: Partial<EngineLimits>, log?: LogStore) => Promise<Engine>;
  readonly createEndpoint: (
    settings?: Partial<EndpointSettings> & { tenant?: string; contract?: string },
  ) => Promise<Endpoint>;
  readonly renderFact: (type: string, endpoint: Endpoint, data: object) => Events;
  /** Moves the clock in small steps until the engine has nothing to do but wait for something due later. */
  readonly untilIdle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export type Receiver = (request: Received) => Exchange | Promise<Exchange>;

export const start = Date.parse("2026-05-08T14:00:00.000Z");
export const deployment = {
  deploymentId: "dep_1",
  agentId: "dep_1",
  agentName: "support-triage",
  machineUrl: "https://a.example",
  deployedByUserId: null,
};

/** What the sealed secret of an endpoint opens to. */
export const secretOf = (sealed: string): string =>
  sealed === "sealed" ? `whsec_${"a".repeat(64)}` : `whsec_${sealed}`;

export const answer = (status: number): Exchange => ({ kind: "response", status, body: null, durationMs: 0 });

export async function openHarness(receive: Receiver, catalog: WireCatalog = anyDataCatalog()): Promise<Harness> {
  const folder = mkdtempSync(join(tmpdir(), "hookwright-engine-"));
  const store = await openStore({ database: join(folder, "hookwright.db") });
  const clock = createFakeClock(start);
  const random = countingRandom();
  const newId = createNewId(random);
  const render = createRender({ catalog, clock, newId });
  const received: Received[] = [];
  let engine: Engine | null = null;
  let owners = 0;

  const current = (): Engine => {
    if (engine === null) throw new Error("No engine was started.");
    return engine;
  };
  const outbound = {
    send: async (request: OutboundRequest) => {
      const seen = { ...request, at: clock.now() };
      received.push(seen);
      return receive(seen);
    },
    close: async () => {},
  };

  const harness: Harness = {
    store,
    clock,
    received,
    emit: createEmit(
      {
        catalog,
        store: store.log,
        executorIn: (tx) => executorIn(tx, { opened: "node:sqlite" }),
        clock,
        newId,
        wake: () => engine?.wake(),
      },
      render,
    ),
    engine: current,
    startEngine: async (limits = {}, log = store.log) => {
      owners += 1;
      engine = createEngine({
        store: log,
        catalog,
        outbound,
        clock,
        random,
        openSecret: ({ sealedSecret, previousSecret }, which) =>
          secretOf(which === "current" ? sealedSecret : (previousSecret?.sealed ?? "")),
        renderFact: render,
        attempted: () => {},
        owner: `engine-${owners}`,
        limits: { ...engineLimits, ...limits },
        log: { info: () => {}, warn: () => {}, error: () => {} },
      });
      await engine.start();
      return engine;
    },
    createEndpoint: async ({ tenant = "org_1", contract = "stech", ...settings } = {}) => {
      const id = `whe_${(owners += 1)}`;
      const given = {
        url: `https://hooks.example/${id}`,
        description: null,
        // Not all of stech's: it tells of every endpoint that is made (R-STECH-32).
        events: contract === "stech" ? ["deployment.created", "scim.user_added"] : ["*"],
        enabled: true,
        ...settings,
      };
      const { paused, filter = null } = given;
      const base = { id, contract, tenant, sealedSecret: "sealed", createdAt: clock.now() };
      const data = {
        endpointId: id,
        contract,
        url: given.url,
        events: given.events,
        enabled: given.enabled,
        paused,
        ...(filter && { filter }),
      };
      return store.endpoints.create({ ...base, ...given }, render("hookwright", "endpoint.created", { tenant, data }));
    },
    renderFact: (type, { id, contract, tenant }, data) =>
      render("hookwright", type, { tenant, data: { endpointId: id, contract, ...data } }),
    untilIdle: async () => {
      let isIdle = false;
      void current()
        .idle()
        .then(() => (isIdle = true));
      for (let step = 0; !isIdle; step += 1) {
        if (step > 10_000) throw new Error("The engine did not become idle.");
        await new Promise((resolve) => setImmediate(resolve));
        if (step % 5 === 4) clock.moveTo(clock.now() + 5);
      }
    },
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
  return harness;
}

function countingRandom(): Random {
  let count = 0;
  return (bytes) => {
    const filled = new Uint8Array(bytes);
    new DataView(filled.buffer).setUint32(bytes - 4, (count += 1));
    return filled;
  };
}
