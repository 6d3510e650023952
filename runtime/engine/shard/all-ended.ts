/**
 * Waits until all of these have ended, then gives their results or throws the first error. Unlike with `Promise.all`,
 * nothing of a turn that failed goes on beside the next turn: a shard is worked by one turn at a time.
 */
export async function allEnded<Result>(works: readonly Promise<Result>[]): Promise<Result[]> {
  const ended = await Promise.allSettled(works);
  return ended.map((each) => {
    if (each.status === "rejected") throw each.reason;
    return each.value;
  });
}
