import { setTimeout } from "node:timers/promises";
import type { QuestionSettings } from "../asker.ts";
import type { Payload } from "../contracts/event-data.ts";
import { nearNames } from "../near-names.ts";
import { openApi, type Api, type ApiFlags } from "./api.ts";
import { accountsText, readAccounts, type EventAccounts } from "./event-outcome.ts";
import { editPayload } from "./edit-payload.ts";
import { askAction } from "./ask-action.ts";
import { setPath, type PathSetting } from "./set-path.ts";

export interface TriggerFlags extends ApiFlags {
  readonly contract?: string;
  readonly example?: string;
  readonly set: readonly PathSetting[];
  readonly edit?: true;
  /** What an answer may override, where the contract asks. */
  readonly setting: QuestionSettings;
  /** Seconds; true when none were named. */
  readonly wait?: number | true;
  readonly json?: true;
}

interface EventTypeAnswer {
  readonly type: string;
  readonly contract: string;
  readonly examples: readonly ({ readonly name: string } & Payload)[];
}

interface TypesAnswer {
  readonly contracts: readonly { readonly id: string; readonly mode: string; readonly tenantMember: string | null }[];
  readonly eventTypes: readonly EventTypeAnswer[];
}

export interface Triggered {
  readonly event: { readonly id: string; readonly type: string; readonly contract: string };
}

/**
 * Emits an example of the catalog's, or asks with it where the contract asks. Exit status 1: there is no such type or
 * example; nothing was emitted then.
 */
export async function runTrigger(type: string, flags: TriggerFlags): Promise<0 | 1> {
  const api = openApi(flags);
  const { contracts, eventTypes } = await api.readPublic<TypesAnswer>("/v1/event-types", { contract: flags.contract });
  const eventType = eventTypes.find((each) => each.type === type);
  if (eventType === undefined) {
    const known = eventTypes.map((each) => each.type);
    return refuse("event type", type, { known, all: "GET /v1/event-types lists them" });
  }
  const { examples, contract } = eventType;
  const example = flags.example === undefined ? examples[0] : examples.find(({ name }) => name === flags.example);
  if (example === undefined) {
    const known = examples.map(({ name }) => name);
    return refuse("example", flags.example ?? "", { known, all: `its examples are ${known.join(", ") || "none"}` });
  }
  const { name: _, ...payload } = example;
  const facts = contracts.find(({ id }) => id === contract);
  const changed = flags.set.reduce<Payload>(setPath, ofTenant(payload, facts?.tenantMember ?? null, flags.tenant));
  const said = { type, contract, payload: flags.edit ? editPayload(changed) : changed };
  const isAsked = facts?.mode === "action";
  await (isAsked ? askAction(api, said, flags) : emit(api, said, flags));
  return 0;
}

/** An example names the tenant of examples, where its data name one. */
function ofTenant(payload: Payload, member: string | null, tenant: string): Payload {
  const { data } = payload;
  if (member === null || typeof data !== "object" || data === null || !Object.hasOwn(data, member)) return payload;
  return { ...payload, data: { ...data, [member]: tenant } };
}

interface Said {
  readonly type: string;
  readonly contract: string;
  readonly payload: Payload;
}

function refuse(
  what: string,
  name: string,
  { known, all }: { readonly known: readonly string[]; readonly all: string },
): 1 {
  const near = nearNames(name, known);
  console.error(
    `error: there is no ${what} ${JSON.stringify(name)}; ${near.length === 0 ? all : `did you mean ${near.join(" or ")}?`}`,
  );
  return 1;
}

async function emit(api: Api, { type, contract, payload }: Said, flags: TriggerFlags): Promise<void> {
  const { event } = await api.call<Triggered>("POST", "/events", { type, contract, ...payload });
  if (!flags.json) console.log(`emitted ${event.type} ${event.id}`);
  const waitMs = flags.wait === undefined ? 0 : 1000 * (flags.wait === true ? waitSeconds : flags.wait);
  const accounts = waitMs === 0 ? null : await settledAccounts(api, event.id, performance.now() + waitMs);
  if (flags.json) console.log(JSON.stringify({ event, ...(accounts ?? {}) }));
  else if (accounts !== null) console.log(`\n${accountsText(accounts)}`);
}

/** An attempt takes that long at most by most contracts. */
const waitSeconds = 30;
const lookMs = 200;

/** Once every endpoint that gets the event was tried, and every log stream is beyond it; or when the time is over. */
async function settledAccounts(api: Api, eventId: string, until: number): Promise<EventAccounts> {
  for (;;) {
    const accounts = await readAccounts(api, eventId);
    const isTried = accounts.endpoints.every(
      ({ outcome, deliveries }) => outcome !== "waiting" && deliveries.every(({ attemptCount }) => attemptCount > 0),
    );
    const isSent = accounts.logStreams.every(({ outcome }) => outcome === "passed" || outcome === "filtered");
    if ((isTried && isSent) || performance.now() >= until) return accounts;
    await setTimeout(lookMs);
  }
}
