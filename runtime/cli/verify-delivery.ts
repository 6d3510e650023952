import type { Contract, PushContract } from "../../catalog/contract.ts";
import { headerSources, type CarriedSource } from "../contracts/header-sources.ts";
import { verificationKey, verifySignature, type SignatureVerdict } from "../contracts/verify-signature.ts";

/** A delivery as it came; header names in lower case. */
export interface ReceivedDelivery {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** What the contract's headers say of a delivery. */
export type HeaderValues = Readonly<Partial<Record<CarriedSource, string>>>;

export function headerValues(
  contract: Pick<Contract, "envelope" | "headers">,
  received: ReceivedDelivery,
): HeaderValues {
  const found = Object.entries(headerSources(contract)).flatMap(([name, source]) => {
    const value = received.headers[name.toLowerCase()];
    return typeof value === "string" ? [[source, value] as const] : [];
  });
  return Object.fromEntries(found);
}

/**
 * Why a delivery does not verify with what its receiver holds, a shared secret or a public key; null when it does.
 * Checks what the contract declares: the signature over the bytes that came, and the time in it.
 */
export function verificationProblem(
  contract: Pick<PushContract, "envelope" | "headers" | "signature" | "secret">,
  received: ReceivedDelivery,
  { secret, now }: { readonly secret: string; readonly now: number },
): string | null {
  const values = headerValues(contract, received);
  if (values.signature === undefined) return "it has no signature";
  const signed = {
    header: values.signature,
    timestamp: values.timestamp ?? null,
    deliveryId: values["delivery.id"] ?? "",
    eventId: values["event.id"] ?? "",
    body: received.body,
    message: { headers: plainHeaders(received), input: values["signature-input"] ?? "" },
  };
  return problems[verifySignature(contract.signature, signed, { key: verificationKey(secret, contract), now })];
}

/** Those that came once. */
function plainHeaders({ headers }: ReceivedDelivery): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : [])),
  );
}

const problems: Readonly<Record<SignatureVerdict, string | null>> = {
  valid: null,
  malformed: "its signature or its timestamp is missing or malformed",
  wrong: "its signature is not of this endpoint's secret",
  untimely: "its timestamp is too far from this machine's clock",
};
