import type { RenderFact } from "../events.ts";
import { HookwrightError } from "../errors.ts";
import type { Clock } from "../seams/clock.ts";
import type { FeedConsumer, FeedStore } from "../seams/feed-store.ts";
import type { Events } from "../seams/log-store.ts";

/** A consumer by its name. */
export interface ConsumerId {
  readonly tenant: string;
  readonly name: string;
}

/** A consumer, and who asks for a change of it, for the fact that says so. */
export interface ConsumerAct extends ConsumerId {
  readonly actorId: string;
}

/**
 * The rules of consumers of the feed. What there is none of is `not_found`. What an owner changes is written together
 * with the event that says so; what a consumer commits is not, as it does so with every page.
 */
export interface FeedConsumers {
  /** Leaves one that is there as it is. Throws `invalid_request` where that one reads another contract. */
  readonly create: (
    of: ConsumerAct,
    how: { readonly contract: string; readonly from: "beginning" | "end" },
  ) => Promise<{ readonly consumer: FeedConsumer; readonly isNew: boolean }>;
  readonly list: FeedStore["listConsumers"];
  readonly get: (of: ConsumerId) => Promise<FeedConsumer>;
  /** Moves it forward; an earlier position changes nothing. */
  readonly commit: (of: ConsumerId, position: number) => Promise<FeedConsumer>;
  readonly move: (of: ConsumerAct, position: number) => Promise<FeedConsumer>;
  readonly remove: (of: ConsumerAct) => Promise<void>;
}

export interface FeedConsumerParts {
  readonly feeds: FeedStore;
  readonly clock: Clock;
  readonly renderFact: RenderFact;
  /** Called when a fact was appended. */
  readonly wake: () => void;
}

export function createFeedConsumers({ feeds, clock, renderFact, wake }: FeedConsumerParts): FeedConsumers {
  const get = async (of: ConsumerId) => found(await feeds.getConsumer(of), of);

  function fact(type: string, { tenant, name, actorId }: ConsumerAct) {
    return ({ contract }: Pick<FeedConsumer, "contract">): Events =>
      renderFact({ type, tenant, data: { name, contract, actorId } });
  }

  return {
    create: async ({ tenant, name, actorId }, { contract, from }) => {
      const at = clock.now();
      const position = from === "end" ? await feeds.end() : 0;
      const fresh = { tenant, name, contract, position, createdAt: at, updatedAt: at };
      const isNew = await feeds.createConsumer(fresh, fact("feed_consumer.created", { tenant, name, actorId })(fresh));
      const consumer = await get({ tenant, name });
      if (consumer.contract !== contract) throw otherContract(consumer, contract);
      if (isNew) wake();
      return { consumer, isNew };
    },
    list: feeds.listConsumers,
    get,
    commit: async ({ tenant, name }, position) =>
      found(await feeds.commitConsumer({ tenant, name, position, at: clock.now() }), { tenant, name }),
    move: async ({ tenant, name, actorId }, position) => {
      const place = { tenant, name, position, at: clock.now() };
      const moved = await feeds.moveConsumer(place, fact("feed_consumer.moved", { tenant, name, actorId }));
      wake();
      return found(moved, { tenant, name });
    },
    remove: async ({ tenant, name, actorId }) => {
      const deleted = fact("feed_consumer.deleted", { tenant, name, actorId });
      found((await feeds.removeConsumer({ tenant, name }, deleted)) || null, { tenant, name });
      wake();
    },
  };
}

function otherContract({ name, contract }: FeedConsumer, asked: string): HookwrightError {
  const message = `contract: the feed consumer ${JSON.stringify(name)} reads ${JSON.stringify(contract)}, got ${JSON.stringify(asked)}; take another name.`;
  return new HookwrightError("invalid_request", message, { path: "contract" });
}

function found<Value>(value: Value | null, { name }: ConsumerId): Value {
  if (value !== null) return value;
  throw new HookwrightError("not_found", `There is no feed consumer ${JSON.stringify(name)}.`);
}
