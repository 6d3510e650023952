/**
 * The benchmarks, as tables. All of them take about twelve minutes; name some to run those alone. They start a PostgreSQL
 * of their own from this machine's programs. `live`, `dead-endpoint` and `slow-receivers` also
 * take `--database=SQLite` or `--database=PostgreSQL`, and `--short`; `live` takes `--json`.
 *
 *     npm run bench
 *     npm run bench -- delivering latency
 *     npm run bench -- live --database=PostgreSQL --short --json
 */
import { parseArgs } from "node:util";
import { benchAsking } from "./asking.ts";
import { benchClaiming } from "./claiming.ts";
import { benchDeadEndpoint } from "./dead-endpoint.ts";
import { benchDelivering } from "./delivering.ts";
import { benchEmitting } from "./emitting.ts";
import { benchFlood } from "./flood.ts";
import { benchGenerating } from "./generating.ts";
import { benchLatency } from "./latency.ts";
import { benchLive } from "./live.ts";
import { stopDatabases, type DatabaseName } from "./setup.ts";
import { benchSlowReceivers } from "./slow-receivers.ts";
import { benchStreaming } from "./streaming.ts";

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { database: { type: "string" }, short: { type: "boolean" }, json: { type: "boolean" } },
});

const benches: Readonly<Record<string, () => Promise<void>>> = {
  delivering: benchDelivering,
  emitting: benchEmitting,
  // About half of what `delivering` shows on two cores.
  latency: () => benchLatency({ SQLite: 4000, PostgreSQL: 2500 }),
  live: () =>
    benchLive({
      databases: databasesNamed(options.database),
      length: options.short === true ? "short" : "whole",
      prints: options.json === true ? "json" : "table",
    }),
  claiming: benchClaiming,
  "dead-endpoint": () =>
    benchDeadEndpoint({
      databases: databasesNamed(options.database),
      eventCount: options.short === true ? 10_000 : 40_000,
    }),
  "slow-receivers": () =>
    benchSlowReceivers({
      databases: databasesNamed(options.database),
      seconds: options.short === true ? 8 : 30,
    }),
  flood: benchFlood,
  streaming: benchStreaming,
  asking: benchAsking,
  generating: benchGenerating,
};

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

/** Both, unless one is named. */
function databasesNamed(name: string | undefined): readonly DatabaseName[] {
  const all: readonly DatabaseName[] = ["SQLite", "PostgreSQL"];
  const named = all.filter((each) => name === undefined || each.toLowerCase() === name.toLowerCase());
  if (named.length > 0) return named;
  console.error(`--database: expected ${all.join(" or ")}, got ${name}.`);
  process.exit(1);
}
