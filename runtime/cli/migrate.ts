import { createMigrating } from "../maintenance.ts";
import { readDatabase, type Environment } from "../config.ts";

export interface MigrateFlags {
  readonly dryRun?: true;
  readonly status?: true;
  readonly json?: true;
}

/**
 * Brings the tables of the environment's database up to date; with `status` says which migrations were run, and exits
 * with status 1 when one is still to be; with `dryRun` prints the SQL alone.
 */
export async function runMigrate(flags: MigrateFlags, environment: Environment): Promise<0 | 1> {
  const read = readDatabase(environment);
  if ("problems" in read) {
    console.error(`The configuration cannot be used:\n${read.problems.map((each) => `  ${each}`).join("\n")}`);
    return 1;
  }
  const migrating = await createMigrating(read);
  try {
    if (flags.dryRun) {
      process.stdout.write((await migrating.script()) || "-- The tables are up to date.\n");
      return 0;
    }
    if (!flags.status) await migrating.migrate();
    const migrations = await migrating.status();
    const lines = migrations.map(({ name, ranAt }) => `${name.padEnd(32)} ${ranAt ?? "is to be run"}`);
    console.log(flags.json ? JSON.stringify({ migrations }, null, 2) : lines.join("\n"));
    return migrations.some(({ ranAt }) => ranAt === null) ? 1 : 0;
  } finally {
    await migrating.close();
  }
}
