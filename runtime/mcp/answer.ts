import { HookwrightError, type ErrorCode } from "../errors.ts";

/** What a method of the Model Context Protocol comes to: a result, or an error of JSON-RPC 2.0. */
export type McpAnswer = { readonly result: object } | { readonly error: McpError };

export interface McpError {
  readonly code: number;
  readonly message: string;
  /** What a client decides by, beside the code. */
  readonly data?: object;
}

/**
 * Codes of errors. Those from -32011 to -32015 are what clients of MCP Events know: the extension's proposal has others in
 * the range of the protocol itself, which were provisional when this was written. `data` says the same under either.
 */
export const mcpCodes = {
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  headerMismatch: -32020,
  unsupportedVersion: -32022,
  notFound: -32011,
  forbidden: -32012,
  resourceExhausted: -32013,
  unsupported: -32014,
  callbackEndpoint: -32015,
} as const;

export function mcpError(code: keyof typeof mcpCodes, message: string, data?: object): McpAnswer {
  return { error: { code: mcpCodes[code], message, ...(data !== undefined && { data }) } };
}

/** Errors of ours that are the caller's fault, in the protocol's words. */
const known: Readonly<Partial<Record<ErrorCode, readonly [code: keyof typeof mcpCodes, data?: object]>>> = {
  invalid_request: ["invalidParams"],
  invalid_url: ["invalidParams"],
  unknown_event_type: ["notFound", { kind: "event" }],
  unknown_contract: ["unsupported", { feature: "deliveryMode", value: "webhook" }],
  limit_reached: ["resourceExhausted", { limit: "subscriptions" }],
};

/** Runs a method; what it throws on purpose is its answer, and everything else goes on. */
export async function mcpAnswer(work: () => Promise<McpAnswer>): Promise<McpAnswer> {
  try {
    return await work();
  } catch (error) {
    const [code, data] = (error instanceof HookwrightError && known[error.code]) || [];
    if (code === undefined || !(error instanceof Error)) throw error;
    return mcpError(code, error.message, data);
  }
}

/** Results say that they are whole, since revision 2026-07-28. */
export function complete(result: object): McpAnswer {
  return { result: { resultType: "complete", ...result } };
}
