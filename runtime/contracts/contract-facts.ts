import type { Contract } from "../../catalog/contract.ts";
import { headerSources } from "./header-sources.ts";

/** A contract's rules as its subscribers need them: to subscribe, to receive and to read what comes. */
export function contractFacts(declaration: Contract) {
  const { id, title, doc, url, userAgent, signature } = declaration;
  return {
    ...{ id, title, doc, userAgent, mode: declaration.mode },
    url: { schemes: [...url.schemes], lengthMax: url.lengthMax },
    headers: { ...headerSources(declaration) },
    signatureAlgorithm: signature?.algorithm ?? null,
    toleranceSeconds: signature?.timestamp ? signature.toleranceSeconds : null,
    tenantMember: declaration.tenant.member ?? null,
    dataKey: dataKeyOf(declaration.envelope),
    subscription: declaration.mode === "push" ? { ...declaration.subscription } : null,
    timeoutSeconds: declaration.mode === "action" ? declaration.timeoutMs.max / 1000 : declaration.timeoutSeconds,
    attemptsMax: declaration.mode === "push" ? declaration.retry.waitsSeconds.length + 1 : null,
  };
}

/** The member of a body that holds an event's data. Null: its members stand in the body itself. */
function dataKeyOf(envelope: Contract["envelope"]): string | null {
  const found = Object.entries(envelope).find(([, field]) => "from" in field && field.from === "data");
  return found?.[0] ?? null;
}
