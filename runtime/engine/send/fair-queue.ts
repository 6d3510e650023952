import { createQueue, type Queue } from "./queue.ts";

/** First in, first out for each tenant, and one of each tenant in turn. */
export interface FairQueue<Item extends TenantItem> {
  readonly push: (item: Item) => void;
  /** Takes the next item of the tenant whose turn it is among those that may have one. */
  readonly take: (mayHave: (tenant: string) => boolean) => Item | undefined;
  /** Removes an item, wherever it stands. */
  readonly discard: (item: Item) => void;
  readonly size: () => number;
}

export interface TenantItem {
  readonly tenant: string;
}

export function createFairQueue<Item extends TenantItem>(): FairQueue<Item> {
  /** Only tenants with items; the first one has its turn first. */
  const tenants = new Map<string, Queue<Item>>();
  let size = 0;

  function takeOf(tenant: string, queue: Queue<Item>): Item | undefined {
    const item = queue.take();
    tenants.delete(tenant);
    if (queue.size() > 0) tenants.set(tenant, queue);
    size -= 1;
    return item;
  }

  return {
    push: (item) => {
      const queue = tenants.get(item.tenant) ?? createQueue<Item>();
      tenants.set(item.tenant, queue);
      queue.push(item);
      size += 1;
    },
    take: (mayHave) => {
      for (const [tenant, queue] of tenants) if (mayHave(tenant)) return takeOf(tenant, queue);
      return undefined;
    },
    discard: (item) => {
      const queue = tenants.get(item.tenant);
      const before = queue?.size() ?? 0;
      queue?.discard(item);
      const after = queue?.size() ?? 0;
      size -= before - after;
      if (after === 0) tenants.delete(item.tenant);
    },
    size: () => size,
  };
}
