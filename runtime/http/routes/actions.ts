import { Type, type Static } from "@sinclair/typebox";
import type { ActionWithSecret } from "../../asking/actions.ts";
import type { Action, Invocation } from "../../seams/action-store.ts";
import { actionContractOf } from "../../contracts/action-contract.ts";
import type { HttpParts, HttpServer } from "../parts.ts";
import { errorAnswer } from "../route-rules.ts";
import { ActionParams, isoTime, noContent, nullable, shared, TenantParams, timestamp } from "../schemas.ts";

const failMode = Type.Union([Type.Literal("open"), Type.Literal("closed")], {
  description: "What holds when there is no verdict: `open` lets it go on, `closed` stops it.",
});
const timeoutMs = Type.Integer({
  description: "One deadline for the whole exchange, within the bounds that the contract declares.",
});
const url = Type.String({ maxLength: 10_000, description: "Absolute, https, of a public host." });
const secretStorage = Type.Union([Type.Literal("sealed"), Type.Literal("memory")], {
  description:
    "`sealed`: encrypted in the database. `memory`: in the memory of the processes, and encrypted in the database only " +
    "while there are several of them; once all have ended its hash signs until it is rotated.",
});

/** An action as its owner sees it: never the secret, sealed or not. */
export const ActionBody = Type.Object(
  {
    id: Type.String(),
    contract: Type.String({ description: "The contract whose questions it answers." }),
    trigger: Type.String({ description: "The point at which it is asked." }),
    url: Type.String(),
    timeoutMs,
    failMode,
    enabled: Type.Boolean(),
    secretStorage,
    secretFingerprint: nullable(
      Type.String({ description: "SHA-256 of the signing secret, in hexadecimal digits." }),
      "Null where the contract shows none, and with `memory`, where it may come to sign.",
    ),
    killedAt: nullable(timestamp("When it failed too often."), "Null unless it is killed; then nobody asks it."),
    killedReason: nullable(
      Type.String(),
      "`error_rate`, `timeout_rate` or `consecutive_5xx`. Null unless it is killed.",
    ),
    createdAt: timestamp("When it was made."),
    updatedAt: timestamp("When it was last changed."),
  },
  { $id: "Action", description: "A receiver that is asked at a trigger, and answers with a verdict." },
);

const InvocationBody = Type.Object({
  id: Type.String(),
  actionId: Type.String(),
  trigger: Type.String(),
  status: Type.String({ description: "The contract's word for what it came to." }),
  durationMs: Type.Integer(),
  httpStatus: nullable(Type.Integer(), "Null when there was no response."),
  error: nullable(Type.String(), "Null when nothing was wrong."),
  responseSha256: nullable(Type.String(), "Of the response's body. Null when there was none, or too much of it."),
  override: Type.Boolean({ description: "Whether the answer replaced roles or permissions." }),
  denyCode: nullable(Type.String()),
  denyReason: nullable(Type.String()),
  isTest: Type.Boolean(),
  createdAt: timestamp("When it was asked."),
});

const contractChoice = Type.Optional(
  Type.String({ maxLength: 255, description: "A contract in mode action. The first one when it is left out." }),
);
const NewAction = Type.Object(
  {
    trigger: Type.String({ maxLength: 255 }),
    url,
    timeoutMs: Type.Optional(timeoutMs),
    failMode: Type.Optional(failMode),
    enabled: Type.Optional(Type.Boolean()),
    secretStorage: Type.Optional(secretStorage),
    contract: contractChoice,
  },
  { additionalProperties: false },
);
const Change = Type.Object(
  {
    url: Type.Optional(url),
    timeoutMs: Type.Optional(timeoutMs),
    failMode: Type.Optional(failMode),
    enabled: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, minProperties: 1 },
);
const OneAction = Type.Object({ action: shared(ActionBody) }, { description: "The action." });
const ActionList = Type.Object({ actions: Type.Array(shared(ActionBody)) }, { description: "In order of creation." });
const WithSecret = Type.Object(
  {
    action: shared(ActionBody),
    signingSecret: Type.String({ description: "Shown this once. If it is lost, rotate it." }),
  },
  { description: "The action and its new signing secret." },
);
const InvocationList = Type.Object({ invocations: Type.Array(InvocationBody) }, { description: "Newest first." });

const collection = "/v1/orgs/:tenant/actions";
const tags = ["Actions"];

export function actionRoutes(app: HttpServer, parts: HttpParts): void {
  readingRoutes(app, parts);
  secretRoutes(app, parts);
  changingRoutes(app, parts);
}

function readingRoutes(app: HttpServer, { actions, catalog }: HttpParts): void {
  app.get(
    collection,
    {
      config: { access: "read" },
      schema: {
        operationId: "listActions",
        summary: "List actions",
        tags,
        params: TenantParams,
        querystring: Type.Object({ contract: contractChoice }, { additionalProperties: false }),
        response: { 200: ActionList },
      },
    },
    async ({ params, query }) => {
      const contract = actionContractOf(catalog, query.contract).declaration.id;
      return { actions: (await actions.list({ ...params, contract })).map((each) => actionBody(each, catalog)) };
    },
  );

  app.get(
    `${collection}/:id`,
    {
      config: { access: "read" },
      schema: {
        operationId: "getAction",
        summary: "Get an action",
        tags,
        params: ActionParams,
        response: { 200: OneAction },
      },
    },
    async ({ params }) => ({ action: actionBody(await actions.get(params), catalog) }),
  );

  app.get(
    `${collection}/:id/invocations`,
    {
      config: { access: "read" },
      schema: {
        operationId: "listInvocations",
        summary: "List what an action was asked",
        description: "As many of the newest as the contract keeps, unless `limit` says fewer.",
        tags,
        params: ActionParams,
        querystring: Type.Object(
          { limit: Type.Optional(Type.Integer({ minimum: 1 })) },
          { additionalProperties: false },
        ),
        response: { 200: InvocationList },
      },
    },
    async ({ params, query }) => {
      const found = await actions.invocations({ ...params, limit: query.limit });
      return { invocations: found.map(invocationBody) };
    },
  );
}

/** Both show a secret, this once. */
function secretRoutes(app: HttpServer, { actions, catalog }: HttpParts): void {
  app.post(
    collection,
    {
      config: { access: "write" },
      schema: {
        operationId: "createAction",
        summary: "Make an action",
        description: "It is asked from the answer on, and within a second by other processes.",
        tags,
        params: TenantParams,
        body: NewAction,
        response: { 201: WithSecret, 409: errorAnswer(409) },
      },
    },
    async ({ actorId, body, params }, reply) => {
      const contract = actionContractOf(catalog, body.contract).declaration.id;
      const created = await actions.create({ ...body, ...params, contract }, { actorId });
      return reply.code(201).send(withSecret(created, catalog));
    },
  );

  app.post(
    `${collection}/:id/rotate-secret`,
    {
      config: { access: "write" },
      schema: {
        operationId: "rotateActionSecret",
        summary: "Rotate an action's signing secret",
        description: "The one before it signs no more: from the answer on, and within a second in other processes.",
        tags,
        params: ActionParams,
        response: { 200: WithSecret },
      },
    },
    async ({ actorId, params }) => withSecret(await actions.rotateSecret(params, { actorId }), catalog),
  );
}

function changingRoutes(app: HttpServer, { actions, catalog }: HttpParts): void {
  app.patch(
    `${collection}/:id`,
    {
      config: { access: "write" },
      schema: {
        operationId: "updateAction",
        summary: "Change an action",
        description: "What is left out stays as it is. A killed action stays killed; see `reenable`.",
        tags,
        params: ActionParams,
        body: Change,
        response: { 200: OneAction, 409: errorAnswer(409) },
      },
    },
    async ({ actorId, body, params }) => ({
      action: actionBody(await actions.update(params, body, { actorId }), catalog),
    }),
  );

  app.post(
    `${collection}/:id/reenable`,
    {
      config: { access: "write" },
      schema: {
        operationId: "reenableAction",
        summary: "Enable a killed action again",
        description: "What it was counted for is forgotten. Of an action that is not killed, nothing changes.",
        tags,
        params: ActionParams,
        response: { 200: OneAction },
      },
    },
    async ({ actorId, params }) => ({ action: actionBody(await actions.reenable(params, { actorId }), catalog) }),
  );

  app.delete(
    `${collection}/:id`,
    {
      config: { access: "write" },
      schema: {
        operationId: "deleteAction",
        summary: "Delete an action",
        description: "With what it was asked.",
        tags,
        params: ActionParams,
        response: { 204: noContent("The action is deleted.") },
      },
    },
    async ({ actorId, params }, reply) => {
      await actions.remove(params, { actorId });
      return reply.code(204).send(null);
    },
  );
}

type Catalog = HttpParts["catalog"];

function withSecret({ action, signingSecret }: ActionWithSecret, catalog: Catalog) {
  return { action: actionBody(action, catalog), signingSecret };
}

function actionBody(action: Action, catalog: Catalog): Static<typeof ActionBody> {
  const { id, contract, trigger, killedAt, killedReason, secretHash, secretStorage: storage } = action;
  const { fingerprint } = actionContractOf(catalog, contract).declaration.secret;
  return {
    id,
    contract,
    trigger,
    url: action.url,
    timeoutMs: action.timeoutMs,
    failMode: action.failMode,
    enabled: action.enabled,
    secretStorage: storage,
    secretFingerprint: fingerprint === undefined || storage === "memory" ? null : secretHash,
    killedAt: killedAt === null ? null : isoTime(killedAt),
    killedReason,
    createdAt: isoTime(action.createdAt),
    updatedAt: isoTime(action.updatedAt),
  };
}

function invocationBody({ isOverride, createdAt, ...rest }: Invocation): Static<typeof InvocationBody> {
  return { ...rest, override: isOverride, createdAt: isoTime(createdAt) };
}
