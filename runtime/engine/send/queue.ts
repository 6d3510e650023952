/** First in, first out, with a moving head: `Array.shift` would move every element of a long array. */
export interface Queue<Item extends object> {
  readonly push: (item: Item) => void;
  readonly take: () => Item | undefined;
  /** Removes an item, wherever it stands. */
  readonly discard: (item: Item) => void;
  readonly size: () => number;
}

/** What was taken is cut off once there is this much of it. */
const takenMax = 1024;

export function createQueue<Item extends object>(): Queue<Item> {
  let items: (Item | null)[] = [];
  let head = 0;
  let size = 0;

  return {
    push: (item) => {
      items.push(item);
      size += 1;
    },
    take: () => {
      while (head < items.length) {
        const item = items[head];
        head += 1;
        if (item === null || item === undefined) continue;
        size -= 1;
        if (head >= takenMax) {
          items = items.slice(head);
          head = 0;
        }
        return item;
      }
      return undefined;
    },
    discard: (item) => {
      const at = items.indexOf(item, head);
      if (at < 0) return;
      // A gap, which `take` passes over.
      items[at] = null;
      size -= 1;
    },
    size: () => size,
  };
}

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
