import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Static } from "@sinclair/typebox";
import type { EndpointBody } from "../http/routes/endpoints.ts";
import { ApiError, type Api } from "./api.ts";

/** An endpoint that comes and goes with a command, and has the same secret each time. */
export interface LocalEndpoint {
  readonly id: string;
  /** What its deliveries are verified with: the signing secret, or where there is none, the public key. */
  readonly secret: string;
}

export interface LocalEndpointSettings {
  readonly contract: string;
  readonly url: string;
  readonly events: readonly string[];
}

interface Answer {
  readonly endpoint: Static<typeof EndpointBody>;
  readonly signingSecret: string | null;
}

/** Where secrets are kept between runs: a JSON file of its owner's alone (0600), and the entry in it. */
export interface SecretPlace {
  readonly file: string;
  readonly name: string;
}

/** The endpoint of the run before, enabled again with these settings; a new one where there is none any more. */
export async function claimEndpoint(api: Api, place: SecretPlace, of: LocalEndpointSettings): Promise<LocalEndpoint> {
  const kept = readKept(place.file)[place.name];
  const { url, events } = of;
  if (kept !== undefined && (await isThere(api, kept.id))) {
    await api.call("PATCH", pathOf(kept), { url, events, enabled: true });
    return kept;
  }
  const body = { ...of, description: `hookwright listen on ${url}` };
  const made = await api.call<Answer>("POST", "/webhook-endpoints", body);
  const endpoint = { id: made.endpoint.id, secret: made.signingSecret ?? made.endpoint.publicKey ?? "" };
  keep(place, endpoint);
  return endpoint;
}

/** Disabled, it gets no events until it is claimed again; removed, its secret is forgotten with it. */
export async function retireEndpoint(
  api: Api,
  place: SecretPlace,
  { endpoint, how }: { readonly endpoint: LocalEndpoint; readonly how: "disable" | "remove" },
): Promise<void> {
  if (how === "disable") return void (await api.call("PATCH", pathOf(endpoint), { enabled: false }));
  await api.call("DELETE", pathOf(endpoint));
  keep(place, null);
}

async function isThere(api: Api, id: string): Promise<boolean> {
  try {
    await api.read(`/webhook-endpoints/${id}`);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false;
    throw error;
  }
}

const pathOf = ({ id }: LocalEndpoint) => `/webhook-endpoints/${id}`;

type Kept = Readonly<Record<string, LocalEndpoint>>;

function readKept(file: string): Kept {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new Error(`${file}: expected the secrets that "hookwright listen" keeps; delete it for new ones.`, {
      cause: error,
    });
  }
}

function keep({ file, name }: SecretPlace, endpoint: LocalEndpoint | null): void {
  const { [name]: _, ...others } = readKept(file);
  mkdirSync(dirname(file), { recursive: true });
  const kept = endpoint === null ? others : { ...others, [name]: endpoint };
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
}
