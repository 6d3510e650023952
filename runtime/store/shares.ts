export interface ShardState {
  readonly shard: number;
  /** As one owner sees it. */
  readonly state: "mine" | "free" | "taken";
}

export interface Division {
  /** The owner goes on with these. */
  readonly kept: readonly number[];
  /** The owner has these beyond its share and should give them back. */
  readonly surplus: readonly number[];
  /** These become the owner's. */
  readonly taken: readonly number[];
}

/** A fair share is the number of shards through that of owners, rounded up, so that no shard is left over. */
export function divideShards(
  shards: readonly ShardState[],
  by: { readonly ownerCount: number; readonly takes: "share" | "nothing" },
): Division {
  const share = Math.ceil(shards.length / by.ownerCount);
  const of = (state: ShardState["state"]) => shards.filter((each) => each.state === state).map((each) => each.shard);
  const mine = of("mine");
  if (by.takes === "nothing") return { kept: mine, surplus: [], taken: [] };
  return {
    kept: mine.slice(0, share),
    surplus: mine.slice(share),
    taken: of("free").slice(0, Math.max(share - mine.length, 0)),
  };
}
