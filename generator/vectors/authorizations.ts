import { headerOf } from "../envelope.ts";
import type { ContractModel } from "../model.ts";
import { bodyOf, known } from "./requests.ts";
import type { Sample } from "./sites.ts";
import { type Case, configuredAuthorization, type Expected } from "./vector.ts";

/** A configured header in place of a signature. A contract that signs, or has no such header, has none. */
export function authorizationCases(contract: ContractModel, sample: Sample): readonly Case[] {
  const header = headerOf(contract.declaration, "authorization");
  if (header === null || contract.declaration.signature !== null) return [];
  const body = bodyOf(contract, [JSON.stringify(sample.event)]);
  const accepted: Expected = { ok: true, events: [known(sample)] };
  const mismatch: Expected = { ok: false, code: "authorization_mismatch" };
  const missing: Expected = { ok: false, code: "missing_header" };
  const sent = (value: string) => () => ({ [header]: value });
  return [
    { name: "authorization, right", body, expect: accepted },
    { name: "authorization, missing", body, headers: () => ({}), expect: missing },
    { name: "authorization, empty", body, headers: sent(""), expect: missing },
    { name: "authorization, of another", body, headers: sent("Bearer 0000000000"), expect: mismatch },
    { name: "authorization, shortened", body, headers: sent(configuredAuthorization.slice(0, -1)), expect: mismatch },
    { name: "authorization, lengthened", body, headers: sent(`${configuredAuthorization}0`), expect: mismatch },
    {
      name: "authorization, in another case",
      body,
      headers: sent(configuredAuthorization.toUpperCase()),
      expect: mismatch,
    },
    {
      name: "authorization, none expected and none sent",
      body,
      authorization: null,
      headers: () => ({}),
      expect: accepted,
    },
    { name: "authorization, none expected and one sent", body, authorization: null, expect: accepted },
  ];
}
