import { contractOf } from "../contracts/contract-of.ts";
import { complete, mcpAnswer, mcpError, type McpAnswer } from "./answer.ts";
import { listedEvents, type ListedEvent } from "./list-events.ts";
import { ListParams, PollParams, readParams } from "./params.ts";
import type { McpCaller, McpEventsParts } from "./parts.ts";
import { pollEvents } from "./poll-events.ts";
import { subscribe, unsubscribe } from "./subscribe.ts";

export const mcpEventMethods = ["events/list", "events/poll", "events/subscribe", "events/unsubscribe"] as const;
export type McpEventMethod = (typeof mcpEventMethods)[number];

/**
 * The methods of MCP Events (SEP-3415), for the HTTP API and for an MCP server of the product's own, which hands on what it
 * is asked:
 *
 *     server.setRequestHandler("events/poll", schemas, async (params) => {
 *       const answer = await hooks.mcp.call("events/poll", params, { tenant, subscriber: user.id, may: ["poll", "subscribe"] });
 *       if ("error" in answer) throw new ProtocolError(answer.error.code, answer.error.message, answer.error.data);
 *       return answer.result;
 *     });
 */
export interface McpEvents {
  readonly call: (method: McpEventMethod, params: unknown, caller: McpCaller) => Promise<McpAnswer>;
}

/** Under both names: the extension's own, and that of its proposal, which clients ask for as well. */
export const mcpCapabilities = { extensions: { "io.modelcontextprotocol/events": {} }, events: {} } as const;

export function createMcpEvents(parts: McpEventsParts): McpEvents {
  const { catalog } = parts;
  const lists = new Map<string, readonly ListedEvent[]>();

  async function answer(method: McpEventMethod, params: unknown, caller: McpCaller): Promise<McpAnswer> {
    const contract = contractOf(catalog, caller.contract ?? Object.keys(catalog)[0] ?? "");
    const { id } = contract.declaration;
    switch (method) {
      case "events/list": {
        readParams(ListParams, params);
        const events = lists.get(id) ?? listedEvents(contract);
        lists.set(id, events);
        return complete({ events });
      }
      case "events/poll": {
        if (!caller.may.includes("poll")) return forbidden(method);
        const asked = { contract, tenant: caller.tenant, params: readParams(PollParams, params) };
        return complete(await pollEvents(parts, asked));
      }
      case "events/subscribe":
      case "events/unsubscribe": {
        if (!caller.may.includes("subscribe")) return forbidden(method);
        const by = { ...caller, subscriber: caller.subscriber ?? "tenant", contract: id };
        return method === "events/subscribe" ? subscribe(parts, params, by) : unsubscribe(parts, params, by);
      }
    }
  }
  return { call: (method, params, caller) => mcpAnswer(() => answer(method, params, caller)) };
}

const forbidden = (method: McpEventMethod) => mcpError("forbidden", `${method}: expected a key that may do this.`);
