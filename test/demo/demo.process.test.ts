import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { problemsOf, rowOf, tableText, type Row } from "./ledger.ts";
import { openReceivers, type Received } from "./receivers.ts";

function demo(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "demo.ts"), ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("npm run demo", () => {
  test("runs every system, verifies every request and loses nothing", () => {
    const { status, stdout, stderr } = demo("--json");
    expect([status, stderr]).toEqual([0, ""]);
    const rows: readonly Row[] = JSON.parse(stdout);
    expect(rows.map(({ system, mode }) => `${system} ${mode}`)).toEqual([
      "stech push",
      "authn push",
      "authsignal stream",
      "auth0 stream",
      "authio action",
      "hookwright push",
    ]);
    for (const { events, requests, attempts, verified, lost } of rows) {
      expect([lost, attempts, verified]).toEqual([0, requests, requests]);
      expect(events).toBeGreaterThan(2);
    }
  });

  test("counts what the receivers have: each of them loses one event, and it ends with 1 and says so", () => {
    const { status, stdout, stderr } = demo("--lose");
    expect([status, stderr.split("\n")]).toEqual([
      1,
      [
        expect.stringMatching(/^stech: 3 of \d+ were lost\.$/),
        expect.stringMatching(/^authn: 2 of \d+ were lost\.$/),
        "authsignal: 1 of 1200 were lost.",
        "auth0: 1 of 186 were lost.",
        "authio: 3 of 3 were lost.",
        "hookwright: 1 of 3 were lost.",
        "",
      ],
    ]);
    expect(stdout).toMatch(/^authsignal +stream +1200 +4 +4 +4 +1$/m);
    expect(stdout).not.toContain("accounted for");
  });
});

const received = (over: Partial<Received>): Received => ({
  ...{ subscriber: "a", items: [], isVerified: true, status: 200, headers: {}, body: Buffer.alloc(0) },
  ...over,
});

describe("the table", () => {
  const has = ({ status }: Received) => status === 200;
  const accounts = [
    {
      ...{ expected: ["1", "2"], attempts: 3, has },
      received: [
        received({ items: [{ id: "1", type: "t" }] }),
        received({ status: 503, items: [{ id: "2", type: "t" }] }),
      ],
    },
    { expected: ["1"], attempts: 1, has, received: [received({ isVerified: false, status: 400 })] },
  ];
  const row = rowOf({ system: "shop", mode: "push" }, accounts);

  test("has what was counted: each subscriber on its own, and only what was accepted", () => {
    expect(row).toEqual({ system: "shop", mode: "push", events: 3, requests: 3, attempts: 4, verified: 2, lost: 2 });
    expect(tableText([row])).toBe(
      "system  mode  events  requests  attempts  verified  lost\nshop    push       3         3         4         2     2",
    );
  });

  test("is not fine with a loss, a request that did not verify, an attempt that did not arrive, or nothing at all", () => {
    expect(problemsOf(row)).toEqual([
      "shop: 2 of 3 were lost.",
      "shop: 1 of 3 requests did not verify.",
      "shop: 3 requests came, and the log has 4 attempts.",
    ]);
    expect(problemsOf(rowOf({ system: "shop", mode: "push" }, []))).toEqual(["shop: nothing was sent."]);
  });
});

test("a request that the SDK refuses, or that nobody expects, is answered 400 and counts as not verified", async () => {
  const receivers = await openReceivers(() => true);
  onTestFinished(receivers.close);
  receivers.open("known", { verify: () => Promise.reject(new Error("forged")), reply: () => ({ status: 200 }) });
  for (const name of ["known", "unknown"]) {
    expect((await fetch(receivers.url(name), { method: "POST", body: "{}" })).status).toBe(400);
    expect(receivers.of(name)).toMatchObject([{ isVerified: false, status: 400, items: [] }]);
  }
});
