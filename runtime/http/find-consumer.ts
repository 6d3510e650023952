import { HookwrightError } from "../errors.ts";
import type { FeedConsumer, FeedStore } from "../seams/feed-store.ts";

/** Throws `not_found` where the tenant has none of that name. */
export async function findConsumer(
  feeds: Pick<FeedStore, "getConsumer">,
  of: { readonly tenant: string; readonly name: string },
): Promise<FeedConsumer> {
  return foundConsumer(await feeds.getConsumer(of), of.name);
}

export function foundConsumer(consumer: FeedConsumer | null, name: string): FeedConsumer {
  if (consumer !== null) return consumer;
  throw new HookwrightError("not_found", `There is no feed consumer ${JSON.stringify(name)}.`);
}
