/** A process of callers that emit over HTTP, each over a connection that it keeps. */
import { Client } from "undici";
import { answerParent } from "./child.ts";
import { callerCount, contract, data, eventType, inTurn, now, steadily, tenantCount, tenantOf } from "./work.ts";

interface Target {
  /** Of the servers, used in turn. */
  readonly urls: readonly string[];
  /** An API key of each tenant. */
  readonly keys: readonly string[];
}

let clients: readonly Client[] = [];
let keys: readonly string[] = [];
const body = JSON.stringify({ type: eventType, contract: contract.id, data });

export const callerQuestions = {
  open: ({ urls, keys: given }: Target) => {
    clients = Array.from({ length: callerCount }, (_, index) => new Client(urls[index % urls.length] ?? ""));
    keys = given;
  },
  /** Emits as fast as the callers can. */
  emit: ({ count }: { readonly count: number }) => inTurn(count, async (number) => void (await emit(number))),
  /** Emits at a steady pace, and says when each event's call began. */
  emitSteadily: async (pace: { readonly count: number; readonly perSecond: number }) => {
    const calledAt: [string, number][] = [];
    await steadily(pace, async (number) => {
      const at = now();
      calledAt.push([await emit(number), at]);
    });
    return calledAt;
  },
};
answerParent(callerQuestions);

async function emit(number: number): Promise<string> {
  const client = clients[number % callerCount];
  if (client === undefined) throw new Error("The callers are not open.");
  const { statusCode, body: answer } = await client.request({
    method: "POST",
    path: `/v1/orgs/${tenantOf(number)}/events`,
    headers: { authorization: `Bearer ${keys[number % tenantCount]}`, "content-type": "application/json" },
    body,
  });
  const text = await answer.text();
  if (statusCode !== 202) throw new Error(`An emit was answered with ${statusCode}: ${text}`);
  return JSON.parse(text).event.id;
}
