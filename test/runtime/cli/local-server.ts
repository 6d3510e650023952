import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const command = join(import.meta.dirname, "../../../runtime/cli/hookwright.ts");
const key = "k".repeat(32);

/** A command that runs, and what it printed so far. */
export interface Running {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves with the match once the output has it; rejects when the process ends before. */
  readonly prints: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly ended: Promise<number | null>;
}

/** Commands against a server, and its API, as one tenant. */
export interface LocalTenant {
  readonly folder: string;
  readonly start: (...args: readonly string[]) => Running;
  readonly run: (
    args: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ) => { readonly status: number | null; readonly stdout: string; readonly stderr: string };
  /** A call of the API with the operator's key, of a path of the tenant. */
  readonly api: <Answer>(method: string, path: string, body?: unknown) => Promise<Answer>;
}

/** A server of its own process with its data in a temporary folder; as the tenant `acme`, or another one. */
export interface LocalServer extends LocalTenant {
  readonly address: string;
  readonly ofTenant: (tenant: string) => LocalTenant;
  readonly close: () => Promise<void>;
}

export async function openLocalServer(): Promise<LocalServer> {
  const folder = mkdtempSync(join(tmpdir(), "hookwright-local-"));
  const server = startProcess(["serve"], {
    HOOKWRIGHT_DATABASE_URL: join(folder, "hookwright.db"),
    HOOKWRIGHT_PORT: "0",
    HOOKWRIGHT_ADMIN_KEY: key,
    HOOKWRIGHT_ALLOW_TARGETS: "127.0.0.0/8:1-65535",
  });
  const [, address = ""] = await server.prints(/Server listening at (http:\/\/127\.0\.0\.1:\d+)/);
  const children: Running[] = [];
  const ofTenant = (tenant: string) => tenantOf({ tenant, folder, address, children });
  return {
    ...ofTenant("acme"),
    ...{ address, ofTenant },
    close: async () => {
      for (const { child, ended } of [...children, server]) {
        child.kill("SIGKILL");
        await ended;
      }
      rmSync(folder, { recursive: true });
    },
  };
}

interface TenantParts extends Pick<LocalServer, "folder" | "address"> {
  readonly tenant: string;
  readonly children: Running[];
}

function tenantOf({ tenant, folder, address, children }: TenantParts): LocalTenant {
  const environment = { HOOKWRIGHT_API_URL: address, HOOKWRIGHT_API_KEY: key, HOOKWRIGHT_TENANT: tenant };
  return {
    folder,
    start: (...args) => {
      const running = startProcess(args, environment);
      children.push(running);
      return running;
    },
    run: (args, more = {}) =>
      spawnSync(process.execPath, [command, ...args], {
        env: { PATH: process.env["PATH"], ...environment, ...more },
        encoding: "utf8",
      }),
    api: async (method, path, body) => {
      const response = await fetch(`${address}/v1/orgs/${tenant}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return JSON.parse(text === "" ? "null" : text);
    },
  };
}

function startProcess(args: readonly string[], environment: Readonly<Record<string, string>>): Running {
  const child = spawn(process.execPath, [command, ...args], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const waiting = new Set<() => void>();
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
    for (const look of waiting) look();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const prints = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(output);
        if (found === null) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      void ended.then(() => reject(new Error(`It ended without printing ${pattern}: ${output}`)));
    });
  return { child, output: () => output, prints, ended };
}
