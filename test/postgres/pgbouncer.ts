import { spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, test } from "vitest";
import { execute } from "./cluster.ts";
import { serverUser } from "./binaries.ts";
import { freePort } from "./free-port.ts";

/** Where Debian puts it, off the PATH of users. */
const command = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].find((path) => existsSync(path));

/** Tests that need PgBouncer: skipped where there is none, or failed where a skip is refused. */
export function testWithPgBouncer(name: string, run: () => Promise<void>): void {
  if (command !== undefined) test(name, run);
  else if (process.env["HOOKWRIGHT_TEST_SKIP"] === "refuse")
    test(name, () => Promise.reject(new Error("A skip is refused: there is no pgbouncer on this machine.")));
  else test.skip(`${name}: no pgbouncer on this machine`, () => {});
}

/** A PgBouncer with its defaults in front of a database, until the test ends; gives the URL of the database behind it. */
export async function startPgBouncer(url: string, mode: "session" | "transaction", connectQuery = ""): Promise<string> {
  const { hostname, port: serverPort, pathname, username } = new URL(url);
  const folder = mkdtempSync(join(tmpdir(), "hookwright-pgbouncer-"));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const query = connectQuery === "" ? "" : ` connect_query='${connectQuery}'`;
  const settings = [
    ...["[databases]", `* = host=${hostname} port=${serverPort} user=${username}${query}`, "[pgbouncer]"],
    ...["listen_addr = 127.0.0.1", `listen_port = ${port}`, "unix_socket_dir =", "auth_type = any"],
    ...[`auth_file = ${join(folder, "users")}`, `pool_mode = ${mode}`, "default_pool_size = 4"],
  ];
  writeFileSync(join(folder, "users"), `"${username}" ""\n`);
  writeFileSync(join(folder, "pgbouncer.ini"), `${settings.join("\n")}\n`);
  const user = serverUser();
  if (user !== null) chownSync(folder, user.uid, user.gid);
  const child = spawn(command ?? "pgbouncer", ["-q", join(folder, "pgbouncer.ini")], { stdio: "ignore", ...user });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const behind = `postgres://${username}@127.0.0.1:${port}${pathname}`;
  await answers(behind);
  return behind;
}

/** The test's own timeout ends it otherwise. */
async function answers(url: string): Promise<void> {
  for (;;) {
    try {
      return await execute(url, "select 1");
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
