import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { examples } from "../../../catalog/stech/examples.ts";

/** A server in a process of its own with something of everything in it, and what its endpoints lead to. */
export interface Stage {
  readonly address: string;
  readonly call: (method: string, path: string, body?: unknown) => Promise<Answer>;
  /** Another origin, whose page shows the portal in a frame. */
  readonly product: string;
  /** What the server wrote to its log. */
  readonly log: () => string;
  readonly close: () => Promise<void>;
}

interface Answer {
  readonly endpoint: { readonly id: string };
  readonly endpoints: readonly { readonly endpoint: { readonly id: string } }[];
  readonly event: { readonly id: string };
  readonly deliveries: readonly { readonly id: string; readonly endpointId: string; readonly eventId: string }[];
  readonly token: string;
  readonly key: string;
}

export const operatorKey = "o".repeat(40);
const command = join(import.meta.dirname, "../../../runtime/cli/hookwright.ts");

/** A product's page, with the snippet of the README. */
const productPage = `<!doctype html><title>Product</title><iframe id="hooks" title="Webhooks" width="900" height="10"></iframe>
<script>
  const [server, token] = location.hash.slice(1).split("|").map(decodeURIComponent);
  const frame = document.getElementById("hooks");
  frame.src = server + "/portal#token=" + token;
  addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow) return;
    if (data.type === "hookwright:height") frame.height = data.height;
    if (data.type === "hookwright:expired") document.title = "expired";
  });
</script>`;

/** Opens the server on a database of its own. */
export async function openStage(database: string): Promise<Stage> {
  const receiver = createServer((request, response) => {
    request.resume();
    if (request.url === "/portal")
      return void response.writeHead(200, { "content-type": "text/html" }).end(productPage);
    const [, status = "200", text = "ok"] = (request.url ?? "").split("/");
    response.writeHead(Number(status) || 404, { "content-type": "text/plain" }).end(decodeURIComponent(text));
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const { port } = receiver.address() as AddressInfo;
  const child = spawn(process.execPath, [command, "serve"], {
    env: {
      PATH: process.env["PATH"],
      HOOKWRIGHT_DATABASE_URL: database,
      HOOKWRIGHT_PORT: "0",
      HOOKWRIGHT_LOG_LEVEL: "debug",
      HOOKWRIGHT_ADMIN_KEY: operatorKey,
      HOOKWRIGHT_SECRET_KEYS: `k:${Buffer.alloc(32).toString("base64")}`,
      HOOKWRIGHT_FRAME_ANCESTORS: `http://127.0.0.1:${port}`,
      HOOKWRIGHT_ALLOW_TARGETS: `127.0.0.0/8:${port}`,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  const address = await new Promise<string>((resolve, reject) => {
    const collect = (chunk: Buffer) => {
      log += chunk.toString();
      const found = /Server listening at (http:\/\/127\.0\.0\.1:\d+)/.exec(log);
      if (found !== null) resolve(found[1] ?? "");
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("close", () => reject(new Error(`The server ended: ${log}`)));
  });
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await fetch(`${address}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${operatorKey}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return JSON.parse((await answer.text()) || "{}");
  };
  const close = async () => {
    child.kill("SIGKILL");
    await new Promise((resolve) =>
      child.exitCode === null && child.signalCode === null ? child.once("close", resolve) : resolve(null),
    );
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  };
  const stage = { address, call, product: `http://127.0.0.1:${port}`, log: () => log, close };
  await until(async () => (await fetch(`${address}/readyz`)).status === 200);
  await furnish(stage, `http://127.0.0.1:${port}`);
  return stage;
}

export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
}

export const hostileName = '<img src=x onerror="document.title=`pwned`">\u202egnp.exe</script>';

const deployment = (agentName: string) => ({
  ...{ deploymentId: "dep_1", agentId: "dep_1", agentName, machineUrl: "https://a.example", deployedByUserId: null },
});

/** Two tenants: one whose endpoints do well, badly or nothing, and one that is nobody's business. */
async function furnish({ call }: Pick<Stage, "call">, receiver: string): Promise<void> {
  const endpoint = async (tenant: string, path: string, more: object = {}) =>
    (await call("POST", `/v1/orgs/${tenant}/webhook-endpoints`, { url: `${receiver}${path}`, events: ["*"], ...more }))
      .endpoint.id;
  await endpoint("acme", "/200/ok", { description: "On-call, production" });
  await endpoint("acme", "/404/no%20such%20path", { description: "The old billing service" });
  await endpoint("acme", "/503/busy", { events: ["deployment.failed"] });
  const paused = await endpoint("acme", "/200/paused", { description: "Data warehouse" });
  await call("PATCH", `/v1/orgs/acme/webhook-endpoints/${paused}`, { paused: true });
  await endpoint("acme", "/200/prod", { filter: 'data.agentName = "nobody"', description: "Filtered" });
  await endpoint("globex", "/200/ok", { description: "A secret of Globex" });
  const emit = (tenant: string, name: string, type = "deployment.created") =>
    call("POST", `/v1/orgs/${tenant}/events`, { type, data: deployment(name) });
  for (let count = 0; count < 60; count += 1) await emit("acme", `agent-${count}`);
  const [failure] = Object.values(examples["deployment.failed"]);
  await call("POST", "/v1/orgs/acme/events", { type: "deployment.failed", data: failure });
  await emit("acme", hostileName);
  await emit("globex", "of globex alone");
  await call("POST", "/v1/orgs/acme/log-streams", {
    ...{ contract: "auth0", settings: { Webhook_URL: "https://logs.example/in" } },
  });
  await call("POST", "/v1/orgs/acme/actions", {
    ...{ contract: "authio", trigger: "pre_register", url: "https://a.example/" },
  });
  await until(async () => {
    const { deliveries } = await call("GET", "/v1/orgs/acme/deliveries?state=delivered&limit=200");
    return deliveries.length >= 61;
  });
}
