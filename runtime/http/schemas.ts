import { Type, type Static, type TSchema } from "@sinclair/typebox";

/** Every error answer (D-STECH-09); `runtime/errors.ts` has the codes. */
export const ErrorAnswer = Type.Object(
  {
    error: Type.Object({
      code: Type.String({ description: "Stable; one meaning each." }),
      message: Type.String({ description: "What was expected and what came." }),
      remedy: Type.String({ description: "What to do about it." }),
      path: Type.Optional(Type.String({ description: "Where in the request, when it is about one field." })),
      requestId: Type.String({ description: "Stands in the server's log; also in the header x-request-id." }),
    }),
  },
  { $id: "Error", description: "Why the request was refused; nothing was changed." },
);

/** Any event as it is sent. Only the name stands here: the generated document has the schema of that name. */
export const AnyEvent = Type.Unknown({ $id: "WebhookEvent", description: "An event, as it is sent." });

/** Stands for a schema that is kept once, under its `$id`. */
export function shared<Schema extends TSchema>(schema: Schema) {
  return Type.Unsafe<Static<Schema>>({ $ref: `${schema.$id}#` });
}

export function nullable<Schema extends TSchema>(schema: Schema, description?: string) {
  return Type.Union([schema, Type.Null()], description === undefined ? {} : { description });
}

export function timestamp(description: string) {
  return Type.String({ format: "date-time", description });
}

export const noContent = (description: string) => Type.Null({ description });

/** No control characters: the text stands in log lines and database columns. */
const printable = "^[^\\u0000-\\u001f\\u007f]+$";
const identifier = (description: string) =>
  Type.String({ minLength: 1, maxLength: 255, pattern: printable, description });

export const tenantParams = { tenant: identifier("Whose endpoints and events: an organization, say.") };
export const TenantParams = Type.Object(tenantParams);
export const EndpointParams = Type.Object({ ...tenantParams, id: identifier("The endpoint.") });
export const DeliveryParams = Type.Object({
  ...tenantParams,
  id: identifier("The endpoint."),
  delivery: identifier("The delivery."),
});
export const RedeliveryParams = Type.Object({
  ...tenantParams,
  id: identifier("The endpoint."),
  redelivery: identifier("The redelivery."),
});
export const ActionParams = Type.Object({ ...tenantParams, id: identifier("The action.") });
export const EventParams = Type.Object({ ...tenantParams, id: identifier("The event.") });
export const ApiKeyParams = Type.Object({ ...tenantParams, id: identifier("The API key.") });
export const StreamParams = Type.Object({ ...tenantParams, id: identifier("The log stream.") });
export const SigningKeyParams = Type.Object({ ...tenantParams, id: identifier("The signing key.") });
export const EventTypeParams = Type.Object({ type: identifier("The event type, `deployment.failed`.") });

/** Longer than any that is given out, whatever the name of its key. */
export const feedCursor = (description: string) => Type.String({ maxLength: 255, description });
export const feedName = (description: string) =>
  Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description });

export const contractChoice = Type.Optional(
  Type.String({ maxLength: 255, description: "A contract of the catalog. The first one when it is left out." }),
);

/** Text of a time as it stands on the wire: ISO 8601 in UTC with milliseconds. */
export function isoTime(time: number): string {
  return new Date(time).toISOString();
}
