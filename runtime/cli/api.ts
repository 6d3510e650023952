import { HookwrightError } from "../errors.ts";

/** Which server a command talks to, and whose endpoints and events it is about. */
export interface ApiFlags {
  readonly api: string;
  readonly key?: string;
  readonly tenant: string;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** A running server's HTTP API, as one tenant. What it refuses is thrown in its own words. */
export interface Api {
  /** The path is one under `/v1/orgs/{tenant}`; what answers without content answers null. */
  readonly call: <Answer>(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: unknown) => Promise<Answer>;
  /** A GET of a path under `/v1/orgs/{tenant}`. */
  readonly read: <Answer>(path: string, query?: Query, signal?: AbortSignal) => Promise<Answer>;
  /** A GET of a path that belongs to no tenant. */
  readonly readPublic: <Answer>(path: string, query?: Query) => Promise<Answer>;
}

/** What the server answered instead of what was asked for. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
  }
}

export function openApi({ api, key, tenant }: ApiFlags): Api {
  if (key === undefined || key === "") {
    const message = "--key: expected an API key, got none; give it, or set HOOKWRIGHT_API_KEY.";
    throw new HookwrightError("invalid_configuration", message, { path: "key" });
  }
  const ofTenant = (path: string, query: Query = {}) =>
    urlOf(api, `/v1/orgs/${encodeURIComponent(tenant)}${path}`, query);
  const headers = { authorization: `Bearer ${key}` };
  return {
    call: (method, path, body) =>
      ask(ofTenant(path), {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    read: (path, query, signal) => ask(ofTenant(path, query), { headers, ...(signal === undefined ? {} : { signal }) }),
    readPublic: (path, query = {}) => ask(urlOf(api, path, query), {}),
  };
}

function urlOf(api: string, path: string, query: Query): URL {
  if (!URL.canParse(path, api)) {
    const message = `--api: expected the URL of a server, such as http://127.0.0.1:8080, got ${JSON.stringify(api)}.`;
    throw new HookwrightError("invalid_configuration", message, { path: "api" });
  }
  const url = new URL(path, api);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

async function ask<Answer>(url: URL, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init).catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause;
    const message = `There is no answer from ${url.origin}. Start "hookwright serve", or name another server with --api.`;
    throw new Error(message, { cause });
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text === "" ? "null" : text);
  throw new ApiError(response.status, refusalOf(response, text));
}

function refusalOf({ status, url }: Response, text: string): string {
  try {
    const { error }: { readonly error: { readonly message: string; readonly remedy: string } } = JSON.parse(text);
    return `${error.message}\n${error.remedy}`;
  } catch {
    return `${new URL(url).origin} answered ${status}, but not as Hookwright does. Name another server with --api.`;
  }
}

/** Whether there is something at a path under `/v1/orgs/{tenant}`. */
export async function isThere(api: Api, path: string): Promise<boolean> {
  return (await unlessNotFound(api.read(path))) !== null;
}

/** Null: there is no such thing. */
export async function unlessNotFound<Value>(asked: Promise<Value>): Promise<Value | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

export interface ContractAnswer {
  readonly id: string;
  readonly mode: "push" | "stream" | "action";
}

/** The contracts of the server's catalog, or the one that is named. */
export async function contractsOf(api: Api, contract?: string): Promise<readonly ContractAnswer[]> {
  const answer = await api.readPublic<{ readonly contracts: readonly ContractAnswer[] }>("/v1/event-types", {
    contract,
  });
  return answer.contracts;
}
