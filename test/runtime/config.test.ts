import { olderThan } from "../../runtime/retention/ages.ts";
import { describe, expect, test } from "vitest";
import { readConfig, readDatabase, type Config, type Environment } from "../../runtime/config.ts";
import { nearNames } from "../../runtime/near-names.ts";
import { keyHash } from "../../runtime/secrets/api-key.ts";

const adminKey = "an-operator-key-of-32-characters";
const secretKeys = `first:${Buffer.alloc(32, 1).toString("base64")}`;
const production = {
  HOOKWRIGHT_MODE: "production",
  HOOKWRIGHT_ADMIN_KEY: adminKey,
  HOOKWRIGHT_SECRET_KEYS: secretKeys,
};

function configOf(environment: Environment): Config {
  const read = readConfig(environment);
  if ("problems" in read) throw new Error(read.problems.join("\n"));
  return read.config;
}

const metricsKey = "m".repeat(32);

function problemsOf(environment: Environment): readonly string[] {
  const read = readConfig(environment);
  return "problems" in read ? read.problems : [];
}

test("nothing set is local mode on port 8080 of this machine", () => {
  expect(configOf({ PATH: "/bin" })).toEqual({
    database: "./data/hookwright.db",
    pool: { poolMax: 10 },
    host: "127.0.0.1",
    port: 8080,
    mode: "local",
    adminKeyHash: null,
    keyRing: null,
    metricsKeyHash: null,
    metricsPort: null,
    allowTargets: [],
    logLevel: "info",
    retention: null,
    notices: null,
    corsOrigins: [],
    frameAncestors: [],
    rateLimits: { perKey: null, perTenant: null },
    drainSeconds: 0,
    graceSeconds: 25,
    databaseWaitSeconds: 60,
  });
});

test("notices go to a URL that is never shown, as Slack takes them unless it is said otherwise", () => {
  const url = "https://hooks.slack.example/T0/secret";
  expect(configOf({ HOOKWRIGHT_NOTICE_URL: url }).notices).toEqual({
    url: new URL(url),
    format: "slack",
    allowTargets: [],
  });
  const own = {
    HOOKWRIGHT_NOTICE_URL: "http://10.0.0.7:9093/in",
    HOOKWRIGHT_NOTICE_FORMAT: "json",
    HOOKWRIGHT_NOTICE_TARGETS: "10.0.0.7/32:9093",
  };
  const allowTargets = [{ cidr: "10.0.0.7/32", portMin: 9093, portMax: 9093 }];
  expect(configOf(own).notices).toMatchObject({ format: "json", allowTargets });
  const wrong = { HOOKWRIGHT_NOTICE_URL: "ftp://chat.example/secret", HOOKWRIGHT_NOTICE_FORMAT: "text" };
  expect(problemsOf(wrong)).toEqual([
    "HOOKWRIGHT_NOTICE_URL: expected an https:// or http:// URL.",
    'HOOKWRIGHT_NOTICE_FORMAT: expected slack or json, got "text".',
  ]);
});

test("rates are off in local mode, on in production, and can be set or switched off", () => {
  expect(configOf(production).rateLimits).toEqual({ perKey: 100, perTenant: 500 });
  const set = { ...production, HOOKWRIGHT_KEY_RATE: "7", HOOKWRIGHT_TENANT_RATE: "off" };
  expect(configOf(set).rateLimits).toEqual({ perKey: 7, perTenant: null });
  for (const rate of ["0", "-1", "1.5", "many", "1000000"])
    expect(readConfig({ HOOKWRIGHT_KEY_RATE: rate })).toEqual({
      problems: [expect.stringContaining(`HOOKWRIGHT_KEY_RATE: expected requests a second`)],
    });
});

test("production listens everywhere and has both keys", () => {
  const { host, mode, adminKeyHash, keyRing } = configOf(production);
  expect({ host, mode, adminKeyHash }).toEqual({
    host: "0.0.0.0",
    mode: "production",
    adminKeyHash: keyHash(adminKey),
  });
  expect(keyRing?.open(keyRing.seal("secret", "here"), "here")).toBe("secret");
});

test("every variable is read", () => {
  const config = configOf({
    ...production,
    HOOKWRIGHT_DATABASE_URL: "/var/lib/hookwright/log.db",
    HOOKWRIGHT_HOST: "::1",
    HOOKWRIGHT_PORT: "9000",
    HOOKWRIGHT_ALLOW_TARGETS: "127.0.0.0/8:9000-9100",
    HOOKWRIGHT_LOG_LEVEL: "debug",
    HOOKWRIGHT_RETENTION_DAYS: "30",
    HOOKWRIGHT_DATABASE_SCHEMA: "hooks",
    HOOKWRIGHT_DATABASE_POOL: "20",
    HOOKWRIGHT_DATABASE_WAIT_SECONDS: "0",
    HOOKWRIGHT_DRAIN_SECONDS: "7",
    HOOKWRIGHT_GRACE_SECONDS: "40",
    HOOKWRIGHT_METRICS_KEY: metricsKey,
    HOOKWRIGHT_METRICS_PORT: "9464",
  });
  expect(config).toMatchObject({
    database: "/var/lib/hookwright/log.db",
    host: "::1",
    port: 9000,
    allowTargets: [{ cidr: "127.0.0.0/8", portMin: 9000, portMax: 9100 }],
    logLevel: "debug",
    retention: olderThan(30 * 24 * 3600 * 1000),
    pool: { schema: "hooks", poolMax: 20 },
    ...{ databaseWaitSeconds: 0, drainSeconds: 7, graceSeconds: 40 },
    ...{ metricsKeyHash: keyHash(metricsKey), metricsPort: 9464 },
  });
});

test("a server in production drains for five seconds unless it is said otherwise", () => {
  expect(configOf(production).drainSeconds).toBe(5);
});

test("an empty variable counts as not set", () => {
  expect(configOf({ HOOKWRIGHT_PORT: "", HOOKWRIGHT_ADMIN_KEY: "", HOOKWRIGHT_MODE: "" })).toEqual(configOf({}));
  expect(problemsOf({ ...production, HOOKWRIGHT_ADMIN_KEY: "" })).toEqual([
    "HOOKWRIGHT_ADMIN_KEY: expected a key of at least 32 characters in production, got nothing.",
  ]);
});

test("all problems are told at once", () => {
  const problems = problemsOf({
    HOOKWRIGHT_MODE: "prod",
    HOOKWRIGHT_DATABASE_URL: "mysql://user:hunter2@db/app",
    HOOKWRIGHT_HOST: "a b",
    HOOKWRIGHT_PORT: "65536",
    HOOKWRIGHT_ADMIN_KEY: "short",
    HOOKWRIGHT_SECRET_KEYS: "first:c2hvcnQ=",
    HOOKWRIGHT_ALLOW_TARGETS: "10.0.0.0/8,127.0.0.1/32:0",
    HOOKWRIGHT_LOG_LEVEL: "loud",
    HOOKWRIGHT_RETENTION_DAYS: "0",
    HOOKWRIGHT_PROT: "8080",
    HOOKWRIGHT_DATABASE_SCHEMA: "x".repeat(64),
    HOOKWRIGHT_DATABASE_POOL: "1",
    HOOKWRIGHT_GRACE_SECONDS: "0",
  });
  const ofDatabase = ["HOOKWRIGHT_DATABASE_SCHEMA", "HOOKWRIGHT_DATABASE_POOL", "HOOKWRIGHT_GRACE_SECONDS"];
  for (const name of ofDatabase) expect(problems).toContainEqual(expect.stringContaining(`${name}: expected`));
  expect(problems.filter((problem) => !ofDatabase.some((name) => problem.startsWith(name)))).toEqual([
    "HOOKWRIGHT_PROT: there is no such variable; did you mean HOOKWRIGHT_PORT?",
    'HOOKWRIGHT_MODE: expected local or production, got "prod".',
    "HOOKWRIGHT_DATABASE_URL: expected a postgres:// URL or the path of a SQLite file, got a URL with mysql://.",
    'HOOKWRIGHT_HOST: expected a host name or address to listen on, got "a b".',
    'HOOKWRIGHT_PORT: expected a port from 0 to 65535, got "65536".',
    "HOOKWRIGHT_ADMIN_KEY: expected at least 32 characters, got 5.",
    'HOOKWRIGHT_SECRET_KEYS: key "first": expected 32 bytes, got 5.',
    expect.stringMatching(/^HOOKWRIGHT_ALLOW_TARGETS: .*"10\.0\.0\.0\/8"\.$/),
    expect.stringMatching(/^HOOKWRIGHT_ALLOW_TARGETS: .*"127\.0\.0\.1\/32:0"\.$/),
    'HOOKWRIGHT_LOG_LEVEL: expected fatal, error, warn, info, debug, trace or silent, got "loud".',
    'HOOKWRIGHT_RETENTION_DAYS: expected a number of days from 1 to 36500, or "90,contract:365", got "0".',
  ]);
});

test("the database is read alone, without the keys that the rest asks for", () => {
  const url = "postgres://user:hunter2@db/app";
  expect(readDatabase({ HOOKWRIGHT_MODE: "production", HOOKWRIGHT_DATABASE_URL: url })).toEqual({
    database: url,
    pool: { poolMax: 10 },
  });
  expect(readDatabase({})).toMatchObject({ database: "./data/hookwright.db" });
  expect(readDatabase({ HOOKWRIGHT_DATABASE_URL: "mysql://db", HOOKWRIGHT_DATABSE_URL: "a.db" })).toEqual({
    problems: [expect.stringContaining("HOOKWRIGHT_DATABASE_URL?"), expect.stringContaining("mysql://")],
  });
});

test("PostgreSQL asks for the keys that local mode would keep beside a file", () => {
  expect(problemsOf({ HOOKWRIGHT_DATABASE_URL: "postgres://user:hunter2@db/app" })).toEqual([
    "HOOKWRIGHT_ADMIN_KEY: expected a key of at least 32 characters with PostgreSQL, got nothing.",
    "HOOKWRIGHT_SECRET_KEYS: expected id:base64 of 32 bytes with PostgreSQL, got nothing.",
  ]);
});

describe("secrets", () => {
  test("stand in no problem", () => {
    const key = Buffer.alloc(31, 7).toString("base64");
    const problems = problemsOf({
      ...production,
      HOOKWRIGHT_ADMIN_KEY: "hunter2 ".repeat(5),
      HOOKWRIGHT_METRICS_KEY: "hunter2",
      HOOKWRIGHT_SECRET_KEYS: `first:${key}`,
      HOOKWRIGHT_DATABASE_URL: "mysql://user:hunter2@db/app",
    }).join("\n");
    expect(problems).toContain("mysql://");
    for (const secret of ["hunter2", key]) expect(problems).not.toContain(secret);
  });

  test("stand in no configuration that is logged", () => {
    const text = JSON.stringify(configOf(production));
    expect(text).not.toContain(adminKey);
    expect(text).not.toContain(secretKeys.slice("first:".length));
  });
});

test.each([
  ["HOOKWRIGHT_ADMIN_KEY", "HOOKWRIGHT_ADMIN_KEY: "],
  ["HOOKWRIGHT_SECRET_KEYS", "HOOKWRIGHT_SECRET_KEYS: "],
])("production without %s does not start", (name, start) => {
  const problems = problemsOf({ ...production, [name]: undefined });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(start);
});

test("an unknown variable with no name near it is told all names", () => {
  expect(problemsOf({ HOOKWRIGHT_X: "1" })[0]).toContain("HOOKWRIGHT_DATABASE_POOL, HOOKWRIGHT_HOST");
});

describe("near names", () => {
  const known = ["deployment.created", "deployment.failed", "agent_run.failed", "scim.user_added"];
  test.each([
    ["deployment.faild", "deployment.failed"],
    ["deployment_created", "deployment.created"],
    ["agentrun.failed", "agent_run.failed"],
    ["scim.user_add", "scim.user_added"],
  ])("%s is near %s", (name, nearest) => expect(nearNames(name, known)[0]).toBe(nearest));

  test("what is nothing like any has none", () => {
    expect(nearNames("invoice.paid.twice", known)).toEqual([]);
    expect(nearNames("", known)).toEqual([]);
    expect(nearNames("x".repeat(100_000), known)).toEqual([]);
  });
});

test("origins are taken as browsers write them", () => {
  const set = { HOOKWRIGHT_CORS_ORIGINS: "https://console.acme.example, http://localhost:3000" };
  expect(readConfig(set)).toMatchObject({
    config: { corsOrigins: ["https://console.acme.example", "http://localhost:3000"] },
  });
  expect(readConfig({ HOOKWRIGHT_FRAME_ANCESTORS: "https://app.acme.example" })).toMatchObject({
    config: { frameAncestors: ["https://app.acme.example"] },
  });
  for (const wrong of ["*", "https://a.example/", "a.example", "https://A.example"])
    expect(readConfig({ HOOKWRIGHT_CORS_ORIGINS: wrong })).toEqual({
      problems: [expect.stringContaining("HOOKWRIGHT_CORS_ORIGINS: expected origins")],
    });
});

test("retention is days for all, days for a contract, or both; of events, of payloads, and of what failed", () => {
  const day = 24 * 3600 * 1000;
  const read = readConfig({
    HOOKWRIGHT_RETENTION_DAYS: "90, stech:365",
    HOOKWRIGHT_PAYLOAD_DAYS: "authn:7",
    HOOKWRIGHT_FAILED_DAYS: "180",
  });
  expect("config" in read && read.config.retention).toEqual({
    events: { others: 90 * day, byContract: { stech: 365 * day } },
    payloads: { others: null, byContract: { authn: 7 * day } },
    failed: { others: 180 * day, byContract: {} },
  });
  expect("config" in readConfig({ HOOKWRIGHT_FAILED_DAYS: "180" })).toBe(true);
  for (const wrong of ["stech", "stech:", "30;60", "-1", "36501", "a b:3"])
    expect(problemsOf({ HOOKWRIGHT_PAYLOAD_DAYS: wrong })).toHaveLength(1);
});
