/** The changes between two catalogs. What receivers read must not shrink or change its meaning; what is added is safe. */
import type { CatalogModel, ContractModel, Span } from "../model.ts";
import type { DeclaredDifference } from "./compare-declarations.ts";
import { compareDelivery } from "./compare-delivery.ts";
import { compareEvents } from "./compare-events.ts";
import { comparePayloads } from "./compare-payloads.ts";
import { compareVerdicts } from "./compare-verdicts.ts";
import { severities } from "./finding.ts";
import type { Difference, Finding } from "./finding.ts";
import { ruleOf } from "./rules.ts";

/** By severity, then by path. The order of contracts and event types is no change. */
export function compareCatalogs(before: CatalogModel, after: CatalogModel): readonly Finding[] {
  const ids = [...new Set([...before.contracts, ...after.contracts].map(({ declaration }) => declaration.id))];
  const findings = ids.flatMap((id) => {
    const [was, is] = [before, after].map(({ contracts }) =>
      contracts.find(({ declaration }) => declaration.id === id),
    );
    if (was === undefined) return [wholeContract("contract-added", id, { before: null, after: spanAt(is, ["id"]) })];
    if (is === undefined) return [wholeContract("contract-removed", id, { before: spanAt(was, ["id"]), after: null })];
    return compareContracts(was, is);
  });
  return findings.sort(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      byText(a.path, b.path) ||
      byText(a.rule, b.rule),
  );
}

function compareContracts(before: ContractModel, after: ContractModel): readonly Finding[] {
  const { id } = after.declaration;
  const delivery = compareDelivery(before.declaration, after.declaration).map((difference) => ({
    ...declared(difference, before, after),
    events: [],
  }));
  const events = compareEvents(before, after).map((difference) => ({ ...difference, events: [difference.at] }));
  const verdicts = compareVerdicts(before, after).map((difference) => ({ ...difference, events: [] }));
  return [...delivery, ...events, ...comparePayloads(before, after), ...verdicts].map((each) => findingOf(id, each));
}

function declared({ rule, member, says }: DeclaredDifference, before: ContractModel, after: ContractModel): Difference {
  return { rule, at: member.join("."), says, before: spanAt(before, member), after: spanAt(after, member) };
}

/** Where a member of the declaration stands, or what it stands in. Null when the model does not say. */
function spanAt(contract: ContractModel | undefined, member: readonly string[]): Span | null {
  for (let length = member.length; length > 0; length--) {
    const span = contract?.spans?.[member.slice(0, length).join(".")];
    if (span !== undefined) return span;
  }
  return null;
}

function wholeContract(
  rule: "contract-added" | "contract-removed",
  id: string,
  places: Pick<Difference, "before" | "after">,
): Finding {
  const says = rule === "contract-added" ? "it is new" : "it is gone";
  return { ...findingOf(id, { rule, at: "", says, ...places, events: [] }), path: id };
}

function findingOf(contract: string, difference: Difference & { readonly events: readonly string[] }): Finding {
  const { rule, at, says, events, before, after } = difference;
  const { severity, group, remedy } = ruleOf(rule);
  return { rule, severity, group, path: `${contract}/${at}`, says, remedy, events, before, after };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
