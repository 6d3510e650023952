import { createHash, type KeyObject } from "node:crypto";
import { TypeCompiler, type TypeCheck } from "@sinclair/typebox/compiler";
import type { TSchema } from "@sinclair/typebox";
import type { ActionContract, ActionStatus } from "../../catalog/contract.ts";
import type { AnyVerdict } from "../asker.ts";
import { isDeeperThan } from "../contracts/json-depth.ts";
import { firstProblem } from "../contracts/event-data.ts";
import type { WireContract } from "../contracts/wire-contract.ts";
import type { Exchange } from "../seams/outbound.ts";
import { checkAnswerSignature, type AnswerSignature } from "./answer-signature.ts";
import { denialIn, type Denial } from "./denial.ts";

/** What an exchange came to, by the contract's words and its order of precedence (D-AUTHIO-04). */
export interface Judgement {
  readonly status: ActionStatus;
  readonly httpStatus: number | null;
  /** Null when nothing was wrong. */
  readonly error: string | null;
  /** Of the bytes as they came. Null when there were none, or more than are read. */
  readonly responseSha256: string | null;
  /** Null unless the status is `allowed` or `denied`. */
  readonly verdict: AnyVerdict | null;
  /** Null unless the answer denies: it may, whatever else is wrong with it. */
  readonly denial: Denial | null;
}

/** What the signature of an answer is checked with; `now` in milliseconds since 1970. */
export interface AskedWith {
  readonly eventId: string;
  readonly deliveryId: string;
  readonly key: KeyObject;
  readonly now: number;
}

export type Judge = (exchange: Exchange, asked: AskedWith) => Judgement;

type Response = Extract<Exchange, { kind: "response" }>;

/** Judges the exchanges of one contract; its verdict's check is compiled once. */
export function createJudge({ declaration, verdict }: WireContract<ActionContract>): Judge {
  const check = verdict === undefined ? null : TypeCompiler.Compile(verdict);
  return (exchange, asked) => {
    if (exchange.kind !== "response") return failure(exchange.kind, { error: withoutAddress(exchange) });
    const { status: httpStatus, body } = exchange;
    const isWhole = body !== null && body.length <= declaration.verdict.bytesMax;
    const responseSha256 = isWhole ? createHash("sha256").update(body).digest("hex") : null;
    const common = { httpStatus, responseSha256, denial: denialIn(declaration.verdict, body) };
    if (httpStatus < 200 || httpStatus > 299) return failure("http_error", { ...common, error: httpError(httpStatus) });
    const signature = signatureOf(declaration, exchange, asked);
    const read = readVerdict({ declaration, check }, exchange, signature);
    if ("problem" in read) return failure("invalid_response", { ...common, error: read.problem });
    if (signature !== null && signature.problem !== null)
      return failure("invalid_signature", { ...common, error: signature.problem });
    return { status: common.denial === null ? "allowed" : "denied", ...common, error: null, verdict: read.verdict };
  };
}

function failure(status: ActionStatus, of: Partial<Judgement> & Pick<Judgement, "error">): Judgement {
  return { httpStatus: null, responseSha256: null, denial: null, ...of, status, verdict: null };
}

/** Where a name inside the network leads is nobody's business. */
function withoutAddress(exchange: Exclude<Exchange, Response>): string {
  return exchange.kind === "address_blocked" ? "the URL leads to an address that is not public" : exchange.detail;
}

/** No redirect is followed (R-AUTHIO-35). */
function httpError(status: number): string {
  return status >= 300 && status <= 399 ? "redirect_refused" : `expected a status from 200 to 299, got ${status}`;
}

/** Null: the receiver did not sign, which is its choice (R-AUTHIO-23). */
function signatureOf(
  declaration: ActionContract,
  { headers, body }: Response,
  { key, now, ...asked }: AskedWith,
): AnswerSignature | null {
  const header = headers?.[declaration.verdict.signatureHeader.toLowerCase()];
  if (header === undefined) return null;
  const signed = { ...asked, header, timestamp: null, body: body ?? new Uint8Array() };
  return checkAnswerSignature(declaration, signed, { key, now });
}

interface Reader {
  readonly declaration: ActionContract;
  readonly check: TypeCheck<TSchema> | null;
}

/** An empty body is a verdict that says nothing (D-AUTHIO-05). */
function readVerdict(
  { declaration, check }: Reader,
  { body, headers }: Response,
  signature: AnswerSignature | null,
): { readonly verdict: AnyVerdict } | { readonly problem: string } {
  const { bytesMax } = declaration.verdict;
  if (body !== null && body.length > bytesMax) return { problem: `expected at most ${bytesMax} bytes, got more` };
  if (signature?.verdict === "malformed") return { problem: signature.problem ?? "" };
  if (body === null) return { verdict: {} };
  if (!isJsonType(headers?.["content-type"])) return { problem: "expected Content-Type: application/json in UTF-8" };
  const value = parseJson(body);
  if ("problem" in value) return value;
  const said = withoutNulls(value.parsed);
  if (check === null || check.Check(said)) return { verdict: said };
  const problem = firstProblem(check, said, { root: "verdict", unknownKey: "unknown key" });
  return { problem: problem === null ? "expected a verdict" : `${problem.path}: ${problem.text}` };
}

/** Every member may be left out, and one that is null says no more than one that is not there (F-AUTHIO-05). */
function withoutNulls(answer: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== null));
}

/** Parameters other than the charset say nothing of how to read it (RFC 8259 §11). */
function isJsonType(contentType: string | undefined): boolean {
  const [type = "", ...parameters] = (contentType ?? "").split(";").map((part) => part.trim());
  const charsets = parameters.filter((parameter) => /^charset\s*=/i.test(parameter));
  return /^application\/json$/i.test(type) && charsets.every((each) => /^charset\s*=\s*"?utf-?8"?$/i.test(each));
}

/** Far deeper than any verdict that a contract declares, and as deep as the API takes. */
const verdictDepthMax = 64;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function parseJson(body: Uint8Array): { readonly parsed: object } | { readonly problem: string } {
  try {
    const text = utf8.decode(body);
    // Before it is parsed: checking, keeping or answering a value recurses into it, and the stack ends.
    if (isDeeperThan(verdictDepthMax, text))
      return { problem: `expected at most ${verdictDepthMax} levels of arrays and objects, got more` };
    const parsed: unknown = JSON.parse(text);
    const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
    return isObject ? { parsed } : { problem: "expected a JSON object, got another JSON value" };
  } catch {
    return { problem: "expected JSON in UTF-8, got something else" };
  }
}
