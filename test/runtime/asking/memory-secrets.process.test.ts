import { createHash, createHmac } from "node:crypto";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createDatabase, sharedServer } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { temporaryFolder } from "../store/temporary-store.ts";
import { act, allowing, ask, by, openAnswers, openProject, tenant, type Received } from "./project.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** Of those given, the secret that signed it. */
function signerOf({ headers, body }: Received, secrets: Readonly<Record<string, string>>): string {
  const [, time = "", given = ""] = /t=(\d+),v1=(\w+)/.exec(String(headers["authio-signature"])) ?? [];
  const isOf = (secret: string) => createHmac("sha256", secret).update(`${time}.${body}`).digest("hex") === given;
  return Object.keys(secrets).find((name) => isOf(secrets[name] ?? "")) ?? "nobody's";
}

async function openStarted(database: string) {
  const app = await openProject({ database });
  app.engine.failed.catch(() => {});
  await app.start();
  return app;
}

async function tryAll(database: string): Promise<void> {
  const { url, received } = await openAnswers(allowing);
  const secrets: Record<string, string> = {};
  const signer = async (app: Awaited<ReturnType<typeof openStarted>>) => {
    await ask(app);
    const last = received.at(-1);
    return last === undefined ? "nobody's" : signerOf(last, secrets);
  };
  const first = await openStarted(database);
  const { action, signingSecret } = await act(first, url, { secretStorage: "memory" });
  Object.assign(secrets, { made: signingSecret, "made, hashed": sha256(signingSecret) });
  const row = first.store.database.selectFrom("hookwright_actions").select(["sealed_secret", "shared_sealed_secret"]);
  const sealed = async () => Object.values(await row.executeTakeFirstOrThrow());
  // Alone, it writes nothing down.
  expect([await signer(first), await sealed()]).toEqual(["made", [null, null]]);

  const second = await openStarted(database);
  const rotated = await second.actions.rotateSecret({ tenant, id: action.id }, by);
  Object.assign(secrets, { rotated: rotated.signingSecret, "rotated, hashed": sha256(rotated.signingSecret) });
  expect(JSON.stringify(await sealed())).not.toContain(rotated.signingSecret);
  // Another process learns of it within a second.
  await expect.poll(() => signer(first), { timeout: 10_000 }).toBe("rotated");
  expect(await signer(second)).toBe("rotated");

  // Whoever comes later has it too, for as long as there was anybody.
  await second.close();
  const third = await openStarted(database);
  await first.close();
  expect(await signer(third)).toBe("rotated");
  await third.close();
  const alone = await openStarted(database);
  expect(await signer(alone)).toBe("rotated, hashed");
  const again = await alone.actions.rotateSecret({ tenant, id: action.id }, by);
  Object.assign(secrets, { again: again.signingSecret });
  expect(await signer(alone)).toBe("again");
  await alone.close();
}

describe("a secret that is held in memory is the same in all processes after a rotation, until all have ended", () => {
  test("on SQLite", async () => {
    const folder = await temporaryFolder();
    onTestFinished(folder.dispose);
    await tryAll(join(folder.path, "hookwright.db"));
  });

  describePostgres("on PostgreSQL", () => {
    test("with replicas", async () => {
      const database = await createDatabase(await sharedServer());
      onTestFinished(database.drop);
      await tryAll(database.url);
    });
  });
});
