/*
 * Simulates one world after the other until one of them goes wrong.
 *
 *   node test/simulation/explore.ts <stormy | breaking | contested | orderly | calm | mixed> <how many> <number of the first>
 */
import { drawBreaking, drawCalm, drawContested, drawMixed, drawOrderly, drawStormy } from "./profile.ts";
import { simulate } from "./simulate.ts";

const [kind = "stormy", count = "100", first = "0"] = process.argv.slice(2);
const profiles: Readonly<Record<string, typeof drawStormy>> = {
  breaking: drawBreaking,
  calm: drawCalm,
  contested: drawContested,
  mixed: drawMixed,
  orderly: drawOrderly,
  stormy: drawStormy,
};
const profileOf = profiles[kind] ?? drawStormy;
const totals = { worlds: 0, hours: 0, steps: 0, events: 0, attempts: 0, requests: 0, duplicates: 0 };
const faults: Record<string, number> = {};
const startedAt = performance.now();
for (let number = Number(first); number < Number(first) + Number(count); number += 1) {
  const outcome = await simulate(`${kind}-${number}`, profileOf);
  totals.worlds += 1;
  for (const name of ["hours", "steps", "events", "attempts", "requests", "duplicates"] as const) {
    totals[name] += outcome[name];
  }
  for (const [name, value] of Object.entries(outcome.faults)) faults[name] = (faults[name] ?? 0) + value;
  if (outcome.violations.length === 0) continue;
  console.log(outcome.recent.join("\n"));
  console.log(`${outcome.seed}: ${outcome.violations.join("\n")}`);
  process.exitCode = 1;
  break;
}
console.log(totals, faults, `${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
