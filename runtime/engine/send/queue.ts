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
