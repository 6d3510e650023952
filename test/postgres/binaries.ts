import { accessSync, constants, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly basebackup: string;
}

/** Those on PATH, else the newest of Debian's, which keeps them off PATH. Null: there are none. */
export function findBinaries(): PostgresBinaries | null {
  const folders = [...(process.env.PATH ?? "").split(":"), ...debianFolders()];
  for (const folder of folders) {
    const initdb = join(folder, "initdb");
    const postgres = join(folder, "postgres");
    if (!isExecutable(initdb) || !isExecutable(postgres)) continue;
    // They find their libraries and each other from where they really are.
    const home = dirname(realpathSync(postgres));
    return { initdb: join(home, "initdb"), postgres: join(home, "postgres"), basebackup: join(home, "pg_basebackup") };
  }
  return null;
}

const debianHome = "/usr/lib/postgresql";

function debianFolders(): readonly string[] {
  try {
    const versions = readdirSync(debianHome).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(debianHome, version, "bin"));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The server refuses to run as root; then it runs as the user that its package made. Null: as whoever runs this. */
export function serverUser(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync("/etc/passwd", "utf8").split("\n");
  const user = ["postgres:", "nobody:"].map((name) => users.find((line) => line.startsWith(name))).find(Boolean);
  if (user === undefined) throw new Error("This runs as root, and there is no user postgres to run the server as.");
  const [, , uid, gid] = user.split(":");
  return { uid: Number(uid), gid: Number(gid) };
}
