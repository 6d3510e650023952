/**
 * The benchmarks, as tables. All of them take about eight minutes; name some to run those alone. They start a PostgreSQL
 * of their own from this machine's programs.
 *
 *     npm run bench
 *     npm run bench -- delivering latency
 */
import { benchClaiming } from "./claiming.ts";
import { benchDeadEndpoint } from "./dead-endpoint.ts";
import { benchDelivering } from "./delivering.ts";
import { benchEmitting } from "./emitting.ts";
import { benchFlood } from "./flood.ts";
import { benchGenerating } from "./generating.ts";
import { benchLatency } from "./latency.ts";
import { stopDatabases } from "./setup.ts";

const benches: Readonly<Record<string, () => Promise<void>>> = {
  delivering: benchDelivering,
  emitting: benchEmitting,
  // About half of what `delivering` shows on two cores.
  latency: () => benchLatency({ SQLite: 4000, PostgreSQL: 2500 }),
  claiming: benchClaiming,
  "dead-endpoint": benchDeadEndpoint,
  flood: benchFlood,
  generating: benchGenerating,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}; there are ${Object.keys(benches).join(", ")}.`);
  process.exit(1);
}
try {
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.error(`${name} …`);
    await bench();
  }
} finally {
  await stopDatabases();
}
