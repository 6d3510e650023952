import type { ActionContract } from "../../catalog/contract.ts";
import { verifySignature, type Signed, type SignatureVerdict } from "../contracts/verify-signature.ts";
import type { KeyObject } from "node:crypto";

export interface AnswerSignature {
  readonly verdict: SignatureVerdict;
  /** What is wrong with it, for the log. Null when nothing is. */
  readonly problem: string | null;
}

/** Checks the signature of an answer, and says which of its faults it is: each has another remedy (R-AUTHIO-22). */
export function checkAnswerSignature(
  contract: ActionContract,
  signed: Signed,
  asked: { readonly key: KeyObject; readonly now: number },
): AnswerSignature {
  const verdict = verifySignature(contract.signature, signed, asked);
  return { verdict, problem: problemOf(contract, { verdict, header: signed.header, now: asked.now }) };
}

interface Found {
  readonly verdict: SignatureVerdict;
  readonly header: string;
  readonly now: number;
}

function problemOf({ signature, verdict: rule }: ActionContract, { verdict, header, now }: Found): string | null {
  const name = rule.signatureHeader;
  switch (verdict) {
    case "valid":
      return null;
    case "malformed":
      return `${name} is malformed${missingPart(signature, header)}`;
    case "wrong":
      return `${name}: wrong_signature: it was made with another secret than the action's, or over other bytes than the body that came`;
    case "untimely":
      return `${name}: wrong_clock: the secret is right, and the time it was signed is ${skewText(signature, header, now)} this clock; at most ${toleranceOf(signature)} s are allowed`;
  }
}

/** A signature without a time is never untimely. */
const toleranceOf = (signature: ActionContract["signature"]): number =>
  signature.timestamp === null ? 0 : signature.toleranceSeconds;

function missingPart({ timestamp, prefix }: ActionContract["signature"], header: string): string {
  const wanted = timestamp?.carrier === "signature" ? [timestamp.prefix, prefix] : [prefix];
  const parts = header.split(",").map((part) => part.trim());
  const missing = wanted.filter((start) => !parts.some((part) => part.startsWith(start)));
  return missing.length === 0 ? "" : `: missing ${missing.join(" and ")}`;
}

function skewText({ timestamp }: ActionContract["signature"], header: string, now: number): string {
  const prefix = timestamp?.carrier === "signature" ? timestamp.prefix : "";
  const part = header.split(",").find((one) => one.trim().startsWith(prefix)) ?? "";
  const time = Number(part.trim().slice(prefix.length)) * (timestamp?.unit === "seconds" ? 1000 : 1);
  const seconds = Math.round(Math.abs(now - time) / 1000);
  return `${seconds} s ${time < now ? "behind" : "ahead of"}`;
}
