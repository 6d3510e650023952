import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import pino from "pino";
import { describe, expect, onTestFinished, test } from "vitest";
import { examples as questions } from "../../catalog/authio/examples.ts";
import { examples as records } from "../../catalog/authsignal/examples.ts";
import { examples as events } from "../../catalog/stech/examples.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import { openHookwright } from "../../runtime/open-hookwright.ts";
import { openKeyRing } from "../../runtime/secrets/key-ring.ts";
import { describeGo, runGo } from "./go-toolchain.ts";
import { testWith } from "./programs.ts";

const root = resolve(import.meta.dirname, "../..");
const tenant = "acme";
const by = { actorId: "operator" };

/** The runtime as it is in a product. Closed with the test. */
async function openRuntime() {
  const hooks = await openHookwright({
    database: ":memory:",
    catalog,
    keyRing: openKeyRing([{ id: "test", key: randomBytes(32) }]),
    allowTargets: [{ cidr: "127.0.0.0/8", portMin: 1024, portMax: 65_535 }],
    log: pino({ level: "silent" }),
  });
  onTestFinished(() => hooks.close());
  return hooks;
}

/** A receiver's process: it prints its port, takes its secrets, and prints a line for whatever its SDK verified. */
async function openProcess(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await new Promise((ended) => (child.exitCode === null ? child.once("close", ended) : ended(null)));
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { done, value } = await lines.next();
    if (done === true) throw new Error(`${program} ended.`);
    return value;
  };
  const port = Number(await next());
  return {
    url: (path: string) => `http://127.0.0.1:${port}/${path}`,
    trust: (secrets: Readonly<Record<string, readonly string[]>>) => child.stdin.write(`${JSON.stringify(secrets)}\n`),
    took: async (): Promise<{ readonly kind: string; readonly ids: readonly string[] }> => JSON.parse(await next()),
  };
}

type Receiver = Awaited<ReturnType<typeof openProcess>>;

/** All modes, from emit to what the runtime's own log says of the answers. */
async function exchange(receiver: Receiver): Promise<void> {
  const hooks = await openRuntime();
  const endpoint = { tenant, contract: "stech", description: null, url: receiver.url("events") };
  const known = await hooks.endpoints.create({ ...endpoint, events: ["deployment.failed"] });
  // Its secret is one that the receiver does not have.
  const stranger = await hooks.endpoints.create({ ...endpoint, events: ["deployment.created"] });
  const { key } = await hooks.signingKeys.create({ tenant, contract: "authsignal" });
  const settings = { url: receiver.url("batches"), challengeTokenDurationSeconds: 0 };
  const stream = await hooks.streams.create({ tenant, contract: "authsignal", settings });
  const action = { tenant, contract: "authio" };
  const denying = await hooks.actions.create({ ...action, url: receiver.url("signups"), trigger: "pre_register" }, by);
  const minting = await hooks.actions.create({ ...action, url: receiver.url("tokens"), trigger: "pre_token_mint" }, by);
  receiver.trust({
    events: [known.signingSecret ?? ""],
    batches: [key],
    // Answers are signed, each with the secret of the action that asked.
    signups: [denying.signingSecret],
    tokens: [minting.signingSecret],
  });

  const failed = events["deployment.failed"]["a build that failed"];
  const { id } = await hooks.stech.emit("deployment.failed", { tenant, data: failed });
  expect(await receiver.took()).toEqual({ kind: "event", ids: [id] });
  await hooks.stech.emit("deployment.created", { tenant, data: events["deployment.created"]["by a person"] });
  await hooks.engine.idle();
  const attempts = async ({ key: endpointKey }: { readonly key: number }) => {
    const deliveries = await hooks.store.deliveries.list({ endpointKey, before: null, limit: 10 });
    return deliveries.flatMap((delivery) => delivery.attempts);
  };
  expect(await attempts(known.endpoint)).toMatchObject([{ result: "delivered", status: 200 }]);
  expect(await attempts(stranger.endpoint)).toMatchObject([{ result: "rejected", status: 400 }]);

  const data = { ...records["action.log_created"]["no rule fired"], tenantId: tenant };
  const emit = () => hooks.authsignal.emit("action.log_created", { tenant, data });
  const emitted = (await Promise.all([emit(), emit(), emit()])).map((event) => event.id);
  await hooks.streaming.settled();
  const of = { tenant, id: stream.id };
  const { runs } = await hooks.streams.runs({ ...of, only: "all", offset: 0, limit: 10 });
  expect(runs.map(({ result, error }) => [result, error])).toEqual(runs.map(() => ["delivered", null]));
  const taken: string[] = [];
  while (taken.length < emitted.length) taken.push(...(await receiver.took()).ids);
  expect(taken).toEqual(emitted);
  expect((await hooks.streams.get(of)).cursor).toMatchObject({ batch: null, checkpoint: emitted.at(-1) });

  const signUp = await hooks.authio.ask("pre_register", { tenant, data: questions.pre_register["a password"] });
  expect(signUp).toMatchObject({ decision: "deny", status: "rejected", code: "compliance_block", error: null });
  expect(await receiver.took()).toEqual({ kind: "question", ids: [signUp.invocationId] });
  const token = questions.pre_token_mint["a member of an organization"];
  const minted = await hooks.authio.ask("pre_token_mint", { tenant, data: token });
  expect(minted).toMatchObject({ decision: "allow", status: "ok", overrides: { override_claims: { plan: "pro" } } });
  const logged = await hooks.actions.invocations({ tenant, id: denying.action.id });
  expect(logged).toMatchObject([{ status: "rejected", denyCode: "compliance_block", httpStatus: 200 }]);
}

describe("a receiver in Python", () => {
  testWith(
    "python3",
    "takes events, batches and questions from the runtime, and refuses what it does not know",
    async () => {
      const program = join(import.meta.dirname, "receivers/receiver.py");
      await exchange(
        await openProcess("python3", ["-W", "error", program], { PYTHONPATH: join(root, "sdks/python/src") }),
      );
    },
  );
});

// The first compilation of a machine takes as long as all others together.
const timeout = 180_000;

describeGo("a receiver in Go", () => {
  test(
    "takes events, batches and questions from the runtime, and refuses what it does not know",
    { timeout },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "hookwright-go-receiver-"));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const program = join(folder, "receiver");
      const source = join(import.meta.dirname, "receivers/receiver.go");
      const built = await runGo("go", ["build", "-o", program, source], join(root, "sdks/go"));
      expect(built).toEqual({ code: 0, output: "" });
      await exchange(await openProcess(program, []));
    },
  );
});
