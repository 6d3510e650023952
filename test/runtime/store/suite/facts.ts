import { describe, expect, test } from "vitest";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import type { Events } from "../../../../runtime/seams/log-store.ts";
import {
  attempt,
  createEndpoint,
  fact,
  leaseOf,
  logRows,
  newEvents,
  settleOne,
  settlement,
  told,
  use,
} from "./harness.ts";
import type { OpenHarness } from "./harness.ts";
import { newStream } from "./streams.ts";

const consumer = { tenant: "org_1", name: "billing", contract: "stech", position: 0, createdAt: 1, updatedAt: 1 };
const place = { tenant: "org_1", name: "billing", position: 7, at: 2 };
const key = { id: "sgk_1", tenant: "org_1", contract: "authsignal", sealed: "sealed", createdAt: 1000 };
const stream = { tenant: "org_1", id: "str_1", at: 9 };

interface Case {
  readonly name: string;
  readonly before?: (store: OpenedStore) => Promise<unknown>;
  readonly change: (store: OpenedStore, facts: () => Events) => Promise<unknown>;
  readonly table: "hookwright_streams" | "hookwright_signing_keys" | "hookwright_feed_consumers" | "hookwright_pending";
}

const makeStream = (store: OpenedStore, facts: () => Events = told) => store.streams.create(newStream(), facts);
const makeKey = (store: OpenedStore) => store.signingKeys.create(key, { activeMax: 2, facts: told() });
const makeConsumer = (store: OpenedStore) => store.feeds.createConsumer(consumer, told());
const attempted = { endpointKey: 1, eventId: "evt_facts" };

async function deliverOne(store: OpenedStore): Promise<void> {
  const endpoint = await createEndpoint(store);
  const lease = await leaseOf(store, "one");
  await store.log.append(newEvents(1, { id: attempted.eventId }));
  const { position = 0 } = (await logRows(store)).find(({ id }) => id === attempted.eventId) ?? {};
  await settleOne(store, settlement(lease, { attempts: [attempt({ endpointKey: endpoint.key, position, run: 0 })] }));
}

const cases: readonly Case[] = [
  { name: "making a stream", table: "hookwright_streams", change: makeStream },
  {
    ...{ name: "changing a stream", table: "hookwright_streams", before: makeStream },
    change: ({ streams }, facts) => streams.update(stream, { status: "paused", position: 0 }, facts),
  },
  {
    ...{ name: "removing a stream", table: "hookwright_streams", before: makeStream },
    change: ({ streams }, facts) => streams.remove(stream, facts),
  },
  {
    ...{ name: "revoking a signing key", table: "hookwright_signing_keys", before: makeKey },
    change: ({ signingKeys }, facts) => signingKeys.remove(key, facts),
  },
  {
    ...{ name: "moving a consumer", table: "hookwright_feed_consumers", before: makeConsumer },
    change: ({ feeds }, facts) => feeds.moveConsumer(place, facts),
  },
  {
    ...{ name: "removing a consumer", table: "hookwright_feed_consumers", before: makeConsumer },
    change: ({ feeds }, facts) => feeds.removeConsumer(consumer, facts),
  },
  {
    ...{ name: "delivering once more", table: "hookwright_pending", before: deliverOne },
    change: ({ deliveries }, facts) => deliveries.redeliver({ ...attempted, at: 5 }, facts),
  },
];

export function describeFacts(open: OpenHarness): void {
  describe("facts of what owners change", () => {
    test.each(cases)("$name is written with its fact, or not at all", async ({ before, change, table }) => {
      const { store } = await use(open);
      await before?.(store);
      const rows = () => store.database.selectFrom(table).selectAll().execute();
      const untouched = await rows();
      const broken = () => {
        throw new Error("no fact");
      };
      await expect(change(store, broken)).rejects.toThrow("no fact");
      expect(await rows()).toEqual(untouched);
      const said = fact();
      await change(store, () => [said]);
      expect(await rows()).not.toEqual(untouched);
      expect((await logRows(store)).at(-1)?.id).toBe(said.id);
    });

    test("made once: a consumer or a key that is refused makes none", async () => {
      const { store } = await use(open);
      await makeConsumer(store);
      await makeKey(store);
      const refused = [fact(), fact()] as const;
      expect(await store.feeds.createConsumer(consumer, [refused[0]])).toBe(false);
      const another = { activeMax: 1, facts: [refused[1]] as const };
      expect(await store.signingKeys.create({ ...key, id: "sgk_2" }, another)).toBe(false);
      const ids = (await logRows(store)).map(({ id }) => id);
      for (const { id } of refused) expect(ids).not.toContain(id);
    });
  });
}
