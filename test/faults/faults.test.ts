import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describePostgres } from "../postgres/describe-postgres.ts";
import { check } from "./checker.ts";
import type { FaultCounts } from "./nemesis.ts";
import { reportOf } from "./report.ts";
import { runFaults } from "./run.ts";

interface Size {
  readonly counts: FaultCounts;
  readonly withinMs: number;
}

/**
 * `slice`: to try something, 15 to 30 s. `short`: with every CI, three minutes on two cores. `long`: by hand or at
 * night, ten times that.
 */
const sizes: Readonly<Record<string, Size>> = {
  slice: {
    counts: {
      workerKills: 8,
      emitterKills: 1,
      pauses: 2,
      streamPauses: 1,
      strangers: 3,
      cuts: 4,
      commitCuts: 6,
      crashes: 2,
    },
    withinMs: 300_000,
  },
  short: {
    counts: {
      workerKills: 100,
      emitterKills: 10,
      pauses: 6,
      streamPauses: 4,
      strangers: 12,
      cuts: 30,
      commitCuts: 50,
      crashes: 20,
    },
    withinMs: 600_000,
  },
  long: {
    counts: {
      workerKills: 1000,
      emitterKills: 100,
      pauses: 80,
      streamPauses: 40,
      strangers: 100,
      cuts: 300,
      commitCuts: 500,
      crashes: 200,
    },
    withinMs: 7_200_000,
  },
};

const { HOOKWRIGHT_TEST_FAULTS: sizeName = "slice", HOOKWRIGHT_TEST_SEED: seed = String(Date.now()) } = process.env;
const size = sizes[sizeName];
if (size === undefined) throw new Error(`HOOKWRIGHT_TEST_FAULTS: expected slice, short or long, got "${sizeName}".`);

describePostgres(
  "three workers that deliver and stream on one PostgreSQL, killed, paused, crashed and cut off",
  () => {
    test(
      `lose nothing, make nothing up, keep streams in order, and send no more than a page or a batch twice (${sizeName})`,
      async () => {
        const replay = `HOOKWRIGHT_TEST_SEED=${seed} HOOKWRIGHT_TEST_FAULTS=${sizeName} npx vitest run test/faults/faults.test.ts`;
        console.log(`To do the same again: ${replay}`);
        const folder = mkdtempSync(join(tmpdir(), "hookwright-faults-"));
        const startedAt = Date.now();
        const run = await runFaults({ seed, folder, ...size });
        const findings = check(run.history);
        console.log(reportOf(run, { counts: size.counts, seconds: (Date.now() - startedAt) / 1000 }));
        const first = findings.map(({ rule, cases }) => ({ rule, count: cases.length, cases: cases.slice(0, 5) }));
        expect(first, `Journals and logs are in ${folder}. To do the same again: ${replay}`).toEqual([]);
        rmSync(folder, { recursive: true });
      },
      size.withinMs,
    );
  },
  "own cluster",
);
