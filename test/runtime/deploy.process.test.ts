import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readConfig, type Environment } from "../../runtime/config.ts";

const folder = "runtime/deploy";
const textOf = (name: string) => readFileSync(join(folder, name), "utf8");
const files = readdirSync(folder);

test("every variable in the files for deployment is one that the server reads", () => {
  for (const name of files) {
    const variables = [...textOf(name).matchAll(/\bHOOKWRIGHT_\w+/g)].map(([variable]) => variable);
    const given: Environment = Object.fromEntries(variables.map((variable) => [variable, ""]));
    const read = readConfig({ ...given, HOOKWRIGHT_LOG_LEVEL: "info" });
    expect("problems" in read ? read.problems : [], name).toEqual([]);
  }
});

describe("whoever stops the server waits longer than its drain and its grace", () => {
  const waits = { "compose.yaml": /stop_grace_period: (\d+)s/, "hookwright.service": /TimeoutStopSec=(\d+)/ };
  test.each(Object.entries({ ...waits, "kubernetes.yaml": /terminationGracePeriodSeconds: (\d+)/ }))(
    "in %s",
    (name, pattern) => {
      const text = textOf(name);
      const seconds = (variable: string) =>
        Number(new RegExp(`${variable}\\W+(?:value\\W+)?(\\d+)`).exec(text)?.[1] ?? NaN);
      const most = seconds("HOOKWRIGHT_DRAIN_SECONDS") + seconds("HOOKWRIGHT_GRACE_SECONDS");
      expect(Number(pattern.exec(text)?.[1])).toBeGreaterThan(most);
    },
  );
});

test("Kubernetes starts traffic by /readyz, and restarts by /healthz no sooner than the database was waited for", () => {
  const text = textOf("kubernetes.yaml");
  const probe = (name: string) => new RegExp(`${name}Probe:\\s+httpGet: \\{ path: (\\S+),`).exec(text)?.[1];
  expect(["startup", "liveness", "readiness"].map(probe)).toEqual(["/healthz", "/healthz", "/readyz"]);
  const [, period, failures] = /startupProbe:[^]*?periodSeconds: (\d+)\s+failureThreshold: (\d+)/.exec(text) ?? [];
  const read = readConfig({});
  const waitSeconds = "config" in read ? read.config.databaseWaitSeconds : NaN;
  expect(Number(period) * Number(failures)).toBeGreaterThan(waitSeconds);
});

test("systemd takes the unit", (context) => {
  const place = mkdtempSync(join(tmpdir(), "hookwright-unit-"));
  onTestFinished(() => rmSync(place, { recursive: true }));
  const unit = join(place, "hookwright.service");
  // The repository is not in /opt on this machine.
  writeFileSync(unit, textOf("hookwright.service").replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`));
  const { error, status, stderr } = spawnSync("systemd-analyze", ["verify", unit], { encoding: "utf8" });
  if (error !== undefined && process.env["HOOKWRIGHT_TEST_SKIP"] === "refuse") throw error;
  if (error !== undefined) return context.skip("no systemd-analyze on this machine");
  expect([status, stderr]).toEqual([0, ""]);
});
