import { packageVersion } from "../version.ts";
import { complete, mcpError, type McpAnswer } from "./answer.ts";
import { mcpCapabilities, mcpEventMethods, type McpEventMethod, type McpEvents } from "./mcp-events.ts";
import type { McpCaller } from "./parts.ts";

/** A request of the Model Context Protocol over HTTP. */
export interface McpRequest {
  /** Whatever came: a message of JSON-RPC 2.0, if it is one. */
  readonly body: unknown;
  /** The headers `mcp-protocol-version` and `mcp-method`. */
  readonly version: string | undefined;
  readonly method: string | undefined;
  readonly caller: McpCaller;
}

/** Status and body of the answer. Null: there is none to a notification. */
export interface McpResponse {
  readonly status: 200 | 202 | 400 | 404;
  readonly body: object | null;
}

/** The revision that the extension is defined for, and those before it that begin with `initialize`. */
const currentVersion = "2026-07-28";
const earlierVersions: readonly string[] = ["2025-11-25", "2025-06-18", "2025-03-26"];
const supported = [currentVersion, ...earlierVersions];

const serverInfo = () => ({ name: "hookwright", version: packageVersion() });

/** Answers one message, without a session: each has all that it needs. */
export async function answerMcp(events: McpEvents, request: McpRequest): Promise<McpResponse> {
  const message = messageOf(request.body);
  if (message === null) {
    const error = mcpError("invalidRequest", "Expected one message of JSON-RPC 2.0, got something else.");
    return { status: 400, body: { jsonrpc: "2.0", id: null, ...error } };
  }
  const { id, method, params } = message;
  const refusal = refusalOf(request, message);
  if (refusal !== null) return { status: 400, body: { jsonrpc: "2.0", id: id ?? null, ...refusal } };
  // Whatever is notified, `notifications/initialized` say, changes nothing here.
  if (id === undefined) return { status: 202, body: null };
  const answer = isEventMethod(method)
    ? await events.call(method, params, request.caller)
    : protocolAnswer(method, params);
  const unknown = mcpError("methodNotFound", `method: expected one of MCP Events, got ${JSON.stringify(method)}.`);
  // Before the current revision an answer 404 was that of a session that has ended.
  const status = answer === null && isCurrent(request, params) ? 404 : 200;
  return { status, body: { jsonrpc: "2.0", id, ...(answer ?? unknown) } };
}

interface Message {
  /** Undefined: a notification. */
  readonly id: string | number | undefined;
  readonly method: string;
  readonly params: unknown;
}

function messageOf(body: unknown): Message | null {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return null;
  const { jsonrpc, id, method, params }: Readonly<Record<string, unknown>> = { ...body };
  if (jsonrpc !== "2.0" || typeof method !== "string") return null;
  if (id !== undefined && typeof id !== "string" && typeof id !== "number") return null;
  return { id, method, params };
}

const isEventMethod = (method: string): method is McpEventMethod => mcpEventMethods.some((each) => each === method);

/** Headers that say something other than the message, or a revision that is not known. */
function refusalOf({ version, method }: McpRequest, message: Message): McpAnswer | null {
  const claimed = claimedVersion(message.params);
  const asked = version ?? claimed;
  if (asked !== undefined && !supported.includes(asked))
    return mcpError("unsupportedVersion", "Unsupported protocol version.", { supported, requested: asked });
  if (method !== undefined && method !== message.method)
    return mcpError("headerMismatch", `mcp-method: expected ${JSON.stringify(message.method)}, as the message has.`);
  if (claimed !== undefined && version !== undefined && claimed !== version)
    return mcpError("headerMismatch", `mcp-protocol-version: expected ${JSON.stringify(claimed)}, as the message has.`);
  return null;
}

function claimedVersion(params: unknown): string | undefined {
  const meta = memberOf(params, "_meta");
  const version = memberOf(meta, "io.modelcontextprotocol/protocolVersion");
  return typeof version === "string" ? version : undefined;
}

const isCurrent = ({ version }: McpRequest, params: unknown) => (version ?? claimedVersion(params)) === currentVersion;

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** What a client asks before anything else. Null: there is no such method. */
function protocolAnswer(method: string, params: unknown): McpAnswer | null {
  switch (method) {
    case "initialize": {
      const asked = memberOf(params, "protocolVersion");
      const protocolVersion = earlierVersions.find((each) => each === asked) ?? earlierVersions[0];
      return { result: { protocolVersion, capabilities: mcpCapabilities, serverInfo: serverInfo() } };
    }
    case "server/discover": {
      const _meta = { "io.modelcontextprotocol/serverInfo": serverInfo() };
      return complete({ supportedVersions: supported, capabilities: mcpCapabilities, _meta });
    }
    case "ping":
      return { result: {} };
    default:
      return null;
  }
}
