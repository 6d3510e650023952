import { sql } from "kysely";
import { liveForMs, type LiveProcess, type ProcessStore } from "../seams/process-store.ts";
import type { Source } from "./schema.ts";

export function processStore(source: Source): ProcessStore {
  return {
    seen: async (process) => {
      await note(source, process);
      await forgetDead(source);
      return (await live(source)).filter(({ id }) => id !== process.id);
    },
    live: () => live(source),
    leave: async (id) => void (await source.db.deleteFrom("hookwright_processes").where("id", "=", id).execute()),
  };
}

async function note({ db, dialect }: Source, { id, host, pid, keyIds }: LiveProcess): Promise<void> {
  const { now } = dialect.leases;
  await sql`insert into hookwright_processes (id, host, pid, key_ids, seen_at)
values (${id}, ${host}, ${pid}, ${JSON.stringify(keyIds)}, ${now})
on conflict (id) do update set key_ids = excluded.key_ids, seen_at = excluded.seen_at`.execute(db);
}

async function forgetDead({ db, dialect }: Source): Promise<void> {
  await sql`delete from hookwright_processes where seen_at <= ${dialect.leases.now} - ${sql.lit(liveForMs)}`.execute(
    db,
  );
}

async function live({ db, dialect }: Source): Promise<readonly LiveProcess[]> {
  const { rows } = await sql<{ id: string; host: string; pid: number; key_ids: string }>`select id, host, pid, key_ids
from hookwright_processes where seen_at > ${dialect.leases.now} - ${sql.lit(liveForMs)} order by host, pid, id`.execute(
    db,
  );
  return rows.map(({ key_ids, ...row }) => ({ ...row, keyIds: JSON.parse(key_ids) as readonly string[] }));
}
