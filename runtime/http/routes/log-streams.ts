import { Type, type Static } from "@sinclair/typebox";
import { streamContractOf } from "../../contracts/contract-of.ts";
import { namedSettings } from "../../contracts/stream-settings.ts";
import { HookwrightError } from "../../errors.ts";
import type { Stream, StreamRun } from "../../seams/stream-store.ts";
import type { RewindTo } from "../../streaming/streams.ts";
import type { HttpParts, HttpServer } from "../parts.ts";
import { isoTime, noContent, nullable, shared, StreamParams, TenantParams, timestamp } from "../schemas.ts";

const onExhausted = Type.Union([Type.Literal("skip"), Type.Literal("hold")], {
  description:
    "What becomes of a batch whose retries of a run are used up: passed over, or sent again by the next run.",
});
export const LogStreamBody = Type.Object(
  {
    id: Type.String(),
    contract: Type.String({ description: "The contract whose events it sends." }),
    status: Type.Union([Type.Literal("active"), Type.Literal("paused")]),
    settings: Type.Record(Type.String(), Type.Unknown(), {
      description: "By the names of the contract, without those that are secrets.",
    }),
    hasAuthorization: Type.Boolean({ description: "Whether requests carry the owner's Authorization." }),
    hasNoticeUrl: Type.Boolean({ description: "Whether notices of its runs are posted." }),
    onExhausted,
    position: Type.Integer({ description: "The place in the log up to which all was accepted, or passed over." }),
    checkpoint: nullable(Type.String(), "The id of the last event that was sent. Null: none was since the start."),
    oldestUndeliveredAt: nullable(
      timestamp("When the oldest event that was not accepted happened."),
      "Null when all was. Its age is how far the stream is behind.",
    ),
    batch: nullable(
      Type.Object({ upTo: Type.Integer(), attemptCount: Type.Integer() }),
      "The batch under way: the events after `position` up to `upTo`; and how often it failed.",
    ),
    dueAt: timestamp("When it is looked at next, if not before."),
    createdAt: timestamp("When it was made."),
    updatedAt: timestamp("When its owner last changed it."),
  },
  { $id: "LogStream", description: "A tenant's events of a contract in batches, in the order of the log." },
);
export const RunBody = Type.Object(
  {
    number: Type.Integer({ description: "From 1." }),
    start: timestamp("When it began."),
    end: timestamp("When it ended."),
    result: Type.Union([Type.Literal("delivered"), Type.Literal("held"), Type.Literal("skipped")]),
    logsProcessed: Type.Integer({ description: "Records that were accepted." }),
    attempts: Type.Integer({ description: "Attempts at batches." }),
    startCheckpoint: nullable(Type.String(), "The last event that was sent before it."),
    checkpoint: nullable(Type.String(), "The last event that was sent after it."),
    status: nullable(Type.Integer(), "The last response's status that was a failure."),
    error: nullable(Type.String(), "Why it failed."),
    warning: nullable(Type.String(), "What deserves a look all the same."),
  },
  { $id: "StreamRun", description: "A run; of a stream without a schedule, each attempt at a batch." },
);

const settings = Type.Record(Type.String({ maxLength: 255 }), Type.Unknown(), {
  description:
    "By the names of the contract, in any case. Null, the empty text and `-` stand for the contract's default. Secrets " +
    "are sealed and never shown again.",
});
const NewStream = Type.Object(
  { contract: Type.String({ maxLength: 255 }), settings, onExhausted: Type.Optional(onExhausted) },
  { additionalProperties: false },
);
const Change = Type.Object(
  { settings: Type.Optional(settings), onExhausted: Type.Optional(onExhausted) },
  { additionalProperties: false, minProperties: 1 },
);
const Rewind = Type.Object(
  {
    position: Type.Optional(Type.Integer({ minimum: 0, description: "After this place in the log; 0: the oldest." })),
    eventId: Type.Optional(Type.String({ maxLength: 255, description: "After this event." })),
    time: Type.Optional(timestamp("At what happened then or later.")),
  },
  { additionalProperties: false, minProperties: 1, maxProperties: 1 },
);
const RunsQuery = Type.Object(
  {
    filter: Type.Optional(Type.Union([Type.Literal("errors")], { description: "Only runs that failed." })),
    page: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000, description: "From 0." })),
    per_page: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: "10 when it is left out." })),
  },
  { additionalProperties: false },
);
const OneStream = Type.Object({ logStream: shared(LogStreamBody) }, { description: "The log stream." });
const StreamList = Type.Object(
  { logStreams: Type.Array(shared(LogStreamBody)) },
  { description: "In order of creation." },
);
const Report = Type.Object(
  {
    logs: Type.Array(shared(RunBody)),
    total: Type.Integer({ description: "Runs there are, of those asked for." }),
    lastRun: nullable(timestamp("When the last of these ended.")),
  },
  { description: "Newest first; the last thousand are kept." },
);

const collection = "/v1/orgs/:tenant/log-streams";
const tags = ["Log streams"];

export function logStreamRoutes(app: HttpServer, parts: HttpParts): void {
  readingRoutes(app, parts);
  changingRoutes(app, parts);
  movingRoutes(app, parts);
}

function readingRoutes(app: HttpServer, parts: HttpParts): void {
  const { streams } = parts;
  app.get(
    collection,
    {
      config: { access: "read" },
      schema: {
        operationId: "listLogStreams",
        summary: "List log streams",
        tags,
        params: TenantParams,
        response: { 200: StreamList },
      },
    },
    async ({ params }) => {
      const found = await streams.list(params);
      return { logStreams: await Promise.all(found.map((stream) => streamBody(parts, stream))) };
    },
  );

  app.get(
    `${collection}/:id`,
    {
      config: { access: "read" },
      schema: {
        operationId: "getLogStream",
        summary: "Get a log stream",
        tags,
        params: StreamParams,
        response: { 200: OneStream },
      },
    },
    async ({ params }) => oneStream(parts, await streams.get(params)),
  );

  app.get(
    `${collection}/:id/report`,
    {
      config: { access: "read" },
      schema: {
        operationId: "getLogStreamReport",
        summary: "List a log stream's runs",
        tags,
        params: StreamParams,
        querystring: RunsQuery,
        response: { 200: Report },
      },
    },
    async ({ params, query: { filter, page = 0, per_page: limit = 10 } }) => {
      const only = filter === "errors" ? "failed" : "all";
      const { runs, total } = await streams.runs({ ...params, only, offset: page * limit, limit });
      const [last] = page === 0 ? runs : (await streams.runs({ ...params, only, offset: 0, limit: 1 })).runs;
      return { logs: runs.map(runBody), total, lastRun: last === undefined ? null : isoTime(last.endedAt) };
    },
  );
}

function changingRoutes(app: HttpServer, parts: HttpParts): void {
  const { streams } = parts;
  app.post(
    collection,
    {
      config: { access: "write" },
      schema: {
        operationId: "createLogStream",
        summary: "Make a log stream",
        description:
          "A contract with a setting for where to start begins there, or at the oldest event there is; another one with " +
          "what is emitted from now on.",
        tags,
        params: TenantParams,
        body: NewStream,
        response: { 201: OneStream },
      },
    },
    async ({ actorId, params, body }, reply) =>
      reply.code(201).send(await oneStream(parts, await streams.create({ ...params, ...body, actorId }))),
  );

  app.patch(
    `${collection}/:id`,
    {
      config: { access: "write" },
      schema: {
        operationId: "updateLogStream",
        summary: "Change a log stream",
        description: "What is left out stays as it is. A batch under way keeps its records.",
        tags,
        params: StreamParams,
        body: Change,
        response: { 200: OneStream },
      },
    },
    async ({ actorId, params, body: { settings: given = {}, onExhausted: exhausted } }) =>
      oneStream(parts, await streams.update({ ...params, actorId }, { settings: given, onExhausted: exhausted })),
  );

  app.delete(
    `${collection}/:id`,
    {
      config: { access: "write" },
      schema: {
        operationId: "deleteLogStream",
        summary: "Delete a log stream",
        description: "With its secrets and its runs; a batch under way may still arrive.",
        tags,
        params: StreamParams,
        response: { 204: noContent("The log stream is deleted.") },
      },
    },
    async ({ actorId, params }, reply) => {
      await streams.remove({ ...params, actorId });
      return reply.code(204).send(null);
    },
  );
}

function movingRoutes(app: HttpServer, parts: HttpParts): void {
  const { streams } = parts;
  const moves = [
    { does: "pause", summary: "Pause a log stream", description: "A batch under way is still counted." },
    { does: "resume", summary: "Resume a log stream", description: "It goes on where it was." },
  ] as const;
  for (const { does, summary, description } of moves) {
    app.post(
      `${collection}/:id/${does}`,
      {
        config: { access: "write" },
        schema: {
          operationId: `${does}LogStream`,
          summary,
          description,
          tags,
          params: StreamParams,
          response: { 200: OneStream },
        },
      },
      async ({ actorId, params }) => oneStream(parts, await streams[does]({ ...params, actorId })),
    );
  }

  app.post(
    `${collection}/:id/rewind`,
    {
      config: { access: "write" },
      schema: {
        operationId: "rewindLogStream",
        summary: "Begin again elsewhere in the log",
        description: "Name one place. The batch under way is forgotten; events are sent again, or passed over.",
        tags,
        params: StreamParams,
        body: Rewind,
        response: { 200: OneStream },
      },
    },
    async ({ actorId, params, body }) => oneStream(parts, await streams.rewind({ ...params, actorId }, placeOf(body))),
  );
}

function placeOf({ position, eventId, time }: Static<typeof Rewind>): RewindTo {
  if (position !== undefined) return { position };
  if (eventId !== undefined) return { eventId };
  if (time !== undefined) return { time: Date.parse(time) };
  throw new HookwrightError("invalid_request", "body: expected one of position, eventId and time, got none.");
}

async function oneStream(parts: HttpParts, stream: Stream): Promise<Static<typeof OneStream>> {
  return { logStream: await streamBody(parts, stream) };
}

async function streamBody({ catalog, streams }: HttpParts, stream: Stream): Promise<Static<typeof LogStreamBody>> {
  const { id, contract, status, settings: given, cursor, createdAt, updatedAt } = stream;
  const oldest = await streams.oldestUndelivered(stream);
  const { batch } = cursor;
  return {
    ...{ id, contract, status },
    settings: namedSettings(streamContractOf(catalog, contract).declaration, given),
    hasAuthorization: stream.sealedAuthorization !== null,
    hasNoticeUrl: stream.sealedNoticeUrl !== null,
    onExhausted: given.onExhausted,
    position: cursor.position,
    checkpoint: cursor.checkpoint,
    oldestUndeliveredAt: oldest === null ? null : isoTime(oldest),
    batch: batch === null ? null : { upTo: batch.upTo, attemptCount: batch.attemptCount },
    dueAt: isoTime(cursor.dueAt),
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(updatedAt),
  };
}

function runBody(run: StreamRun): Static<typeof RunBody> {
  const { number, result, startCheckpoint, checkpoint, status, error, warning } = run;
  return {
    ...{ number, result, startCheckpoint, checkpoint, status, error, warning },
    start: isoTime(run.startedAt),
    end: isoTime(run.endedAt),
    logsProcessed: run.recordCount,
    attempts: run.attemptCount,
  };
}
