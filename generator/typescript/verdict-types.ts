import type { Piece } from "../lines.ts";
import type { ContractModel } from "../model.ts";
import { verdictRule } from "../receiver-contract.ts";
import type { VerdictRule } from "../receiver-contract.ts";
import { documented, interfaceOf, propertyKey, quote } from "../typescript-syntax.ts";
import { typeAlias, typeName, unionOf } from "../typescript-types.ts";

/** What each trigger may be answered with, and the functions that make a verdict. A contract without verdicts has none. */
export function verdictStatements(contract: ContractModel): readonly Piece[] {
  if (contract.declaration.mode !== "action") return [];
  const rule = verdictRule(contract);
  const triggers = Object.entries(rule.triggers);
  const members = triggers.map(([type, answer]) => `${propertyKey(type)}: ${verdicts[answer]};`);
  return [
    note("What a verdict may override, where its trigger allows it.", part("Overrides", rule, rule.overrides)),
    note("What a verdict may say beside, whatever it decides.", part("Others", rule, rule.others)),
    note("The verdicts that each trigger takes.", interfaceOf("VerdictMap", members)),
    note(
      "`allow()` lets it go on, `deny({ code, reason })` stops it.",
      "export const { allow, deny } = verdicts<Overrides, Others>();",
    ),
  ];
}

const verdicts: Readonly<Record<VerdictRule["triggers"][string], string>> = {
  decides: "Allow<Others> | Deny<Others>",
  "decides-and-overrides": "Allow<Others> | Override<Overrides, Others> | Deny<Others>",
  informational: "Allow<Others>",
};

/** Some members of the verdict's shape; `never` when there are none, so that nothing can be given. */
function part(name: string, rule: VerdictRule, members: readonly string[]): Piece {
  if (members.length === 0) return `export type ${name} = never;`;
  const names = unionOf(members.map((member) => typeName(quote(member))));
  return typeAlias(name, { kind: "pick", of: rule.shape, names });
}

function note(summary: string, piece: Piece): Piece {
  return documented({ summary, details: "", deprecated: null }, piece);
}
