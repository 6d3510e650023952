import type { FastifyRequest } from "fastify";
import { HookwrightError } from "../errors.ts";
import type { HttpParts } from "./parts.ts";

/**
 * Keeps portal tokens to what the product sends: not the endpoints of Hookwright's own contract, whose events tell of
 * keys and of who did what. An endpoint for these, made with a token, would tell it long after the token has expired.
 */
export function createPortalReach({ catalog, endpoints, store }: Pick<HttpParts, "catalog" | "endpoints" | "store">) {
  const [first = ""] = Object.keys(catalog);
  const isOwn = (id = first) => isOwnContract(catalog, id);
  return async ({ keyHolder, params, query, body, routeOptions }: FastifyRequest): Promise<void> => {
    if (keyHolder?.isPortal !== true) return;
    const { tenant, id } = textsOf(params);
    if (tenant !== undefined && id !== undefined && routeOptions.url?.includes("/webhook-endpoints/:id")) {
      const { contract } = await endpoints.get({ tenant, id });
      if (isOwn(contract)) throw new HookwrightError("not_found", `There is no endpoint ${JSON.stringify(id)}.`);
      return;
    }
    if (tenant !== undefined && id !== undefined && routeOptions.url?.includes("/events/:id")) {
      const event = await store.feeds.event({ tenant, id });
      if (event !== null && isOwn(event.contract))
        throw new HookwrightError("not_found", `There is no event ${JSON.stringify(id)}.`);
      return;
    }
    const { contract } = { ...textsOf(query), ...textsOf(body) };
    if (isOwn(contract))
      throw new HookwrightError("forbidden", "contract: a portal token does not reach Hookwright's own events.", {
        path: "contract",
      });
  };
}

/** Whether its events are Hookwright's own, which a portal token does not reach. */
export function isOwnContract(catalog: HttpParts["catalog"], id: string): boolean {
  return Object.hasOwn(catalog, id) && catalog[id]?.declaration.producer === "hookwright";
}

/** Whether who asks may see what belongs to the contract. */
export function reaches(
  { keyHolder }: Pick<FastifyRequest, "keyHolder">,
  { catalog, contract }: { readonly catalog: HttpParts["catalog"]; readonly contract: string },
): boolean {
  return keyHolder?.isPortal !== true || !isOwnContract(catalog, contract);
}

function textsOf(value: unknown): Readonly<Record<string, string | undefined>> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter(([, each]) => typeof each === "string"));
}
