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
  readonly afterMsMax: number;
  readonly withinMs: number;
}

const slice = { workerKills: 8, emitterKills: 1, pauses: 2, cuts: 4, commitCuts: 6, crashes: 2 };

/** `slice`: with every `npm test`, some 15 s. `short`: with every CI, under three minutes. `long`: by hand, or at night. */
const sizes: Readonly<Record<string, Size>> = {
  slice: { counts: slice, afterMsMax: 300, withinMs: 120_000 },
  short: { counts: times(slice, 13), afterMsMax: 300, withinMs: 300_000 },
  long: { counts: times(slice, 130), afterMsMax: 300, withinMs: 3_600_000 },
};

function times(counts: FaultCounts, factor: number): FaultCounts {
  const { workerKills, emitterKills, pauses, cuts, commitCuts, crashes } = counts;
  return {
    workerKills: workerKills * factor,
    emitterKills: emitterKills * factor,
    pauses: pauses * factor,
    cuts: cuts * factor,
    commitCuts: commitCuts * factor,
    crashes: crashes * factor,
  };
}

const { HOOKWRIGHT_TEST_FAULTS: sizeName = "slice", HOOKWRIGHT_TEST_SEED: seed = String(Date.now()) } = process.env;
const size = sizes[sizeName];
if (size === undefined) throw new Error(`HOOKWRIGHT_TEST_FAULTS: expected slice, short or long, got "${sizeName}".`);

describePostgres(
  "three workers on one PostgreSQL, killed, paused, crashed and cut off",
  () => {
    test(
      `lose nothing, make nothing up, and send no more than a page twice (${sizeName})`,
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
