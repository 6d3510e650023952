import { Type } from "@sinclair/typebox";
import type { HttpParts, HttpServer } from "../parts.ts";
import { isoTime, nullable, timestamp } from "../schemas.ts";

const Session = Type.Object(
  {
    kind: Type.Union([Type.Literal("operator"), Type.Literal("key"), Type.Literal("portal")], {
      description: "The operator's key, an API key of a tenant, or a portal token.",
    }),
    id: Type.String({ description: "Stands for the key in the audit feed." }),
    tenant: nullable(Type.String(), "The one tenant that it reaches. Null: all of them."),
    role: nullable(Type.String({ description: "`member`, `admin` or `owner`." }), "Null of the operator."),
    canChange: Type.Boolean({ description: "Whether it may change endpoints and redeliver." }),
    expiresAt: nullable(timestamp("From then on it is refused."), "Null: it does not expire."),
  },
  { description: "Whose key it is." },
);

/** What a page asks first, to show no more than its key can do. */
export function sessionRoutes(app: HttpServer, _parts: HttpParts): void {
  app.get(
    "/v1/session",
    {
      config: { access: "key" },
      schema: {
        operationId: "getSession",
        summary: "Say whose key this is, and what it may do",
        tags: ["API keys"],
        response: { 200: Session },
      },
    },
    ({ actorId, keyHolder }) => {
      if (keyHolder === null)
        return { kind: "operator" as const, id: actorId, tenant: null, role: null, canChange: true, expiresAt: null };
      const { id, tenant, role, isPortal, expiresAt } = keyHolder;
      return {
        ...{ kind: isPortal ? ("portal" as const) : ("key" as const), id, tenant, role },
        canChange: role !== "member",
        expiresAt: expiresAt === null ? null : isoTime(expiresAt),
      };
    },
  );
}
