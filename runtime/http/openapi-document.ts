import { errorTable } from "../errors.ts";
import { withExamples, type RouteExamples } from "./route-examples.ts";
import { AnyEvent } from "./schemas.ts";

/** An OpenAPI document, as far as two of them are merged here. */
interface OpenapiDocument {
  readonly tags?: readonly object[] | undefined;
  readonly paths?: object | undefined;
  readonly components?: object | undefined;
}

/**
 * The whole document: the routes' paths and the webhooks of the generated one. Throws when both have a component of one
 * name that is not the same, because references could then mean either.
 */
export function openapiDocument(
  generated: OpenapiDocument,
  routes: OpenapiDocument,
  examples: RouteExamples = {},
): object {
  const { openapi, info, ...rest } = { openapi: "3.1.0", info: { title: "Webhooks", version: "1" }, ...generated };
  return {
    openapi,
    info,
    ...rest,
    servers: [{ url: "/" }],
    tags: [...routeTags, ...(generated.tags ?? [])],
    paths: withExamples(routes.paths ?? {}, examples),
    components: mergeComponents({ ...generated.components }, { ...routes.components }),
    "x-errors": errorTable,
  };
}

const routeTags = [
  { name: "Event types", description: "What can be subscribed to." },
  { name: "Events", description: "Emitting, and reading the log." },
  { name: "Feeds", description: "Readers of the log whose place is kept here." },
  { name: "Endpoints", description: "Subscribers' URLs and their signing secrets." },
  { name: "Deliveries", description: "What was sent to an endpoint, and what it answered." },
  { name: "MCP", description: "Agents that list, poll and subscribe to events." },
  { name: "Log streams", description: "Batches of events, their cursors and their signing keys." },
  { name: "Actions", description: "Receivers that are asked and answer with a verdict." },
  { name: "API keys", description: "Who may use this API." },
  { name: "Audit", description: "Who did what." },
  { name: "Operators", description: "Looks over all tenants, for the operator's key alone." },
  { name: "Service", description: "The server itself." },
];

export const securitySchemes = {
  bearer: {
    type: "http",
    scheme: "bearer",
    description: "The operator's key, an API key of the tenant in the path, or a portal token of it.",
  },
} as const;

type Components = Readonly<Record<string, object>>;

function mergeComponents(generated: Components, routes: Components): Components {
  const kinds = [...new Set([...Object.keys(generated), ...Object.keys(routes)])];
  return Object.fromEntries(kinds.map((kind) => [kind, mergeNames(kind, generated[kind] ?? {}, routes[kind] ?? {})]));
}

/** What the routes refer to and only the generated document describes. */
const described: ReadonlySet<string> = new Set([String(AnyEvent.$id)]);

function mergeNames(kind: string, generated: object, routes: object): object {
  const both = Object.keys(generated).filter((name) => Object.hasOwn(routes, name) && !described.has(name));
  if (both.length > 0)
    throw new Error(`OpenAPI: components.${kind} has ${both.join(", ")} twice; rename it in the catalog.`);
  return { ...routes, ...generated };
}
