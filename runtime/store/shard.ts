/**
 * The shard of a tenant's events: 32-bit FNV-1a over the tenant in UTF-8, modulo the number of shards. It is stored with
 * each event, so this must never change.
 */
export function shardOf(tenant: string, shardCount: number): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(tenant)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % shardCount;
}
