import { exampleEvents } from "../example-events.ts";
import type { Piece } from "../lines.ts";
import type { ContractModel } from "../model.ts";
import { data, docstring, joinLines, moduleOf, summary } from "./python-syntax.ts";

/** The catalog's examples as events, for receivers' tests. */
export function fixturesModule(contract: ContractModel): Piece {
  const fixtures = Object.fromEntries(
    contract.events.map((event) => [
      event.name,
      Object.fromEntries(exampleEvents(contract, event).map((example) => [example.name, example.body])),
    ]),
  );
  const said = "By type and name, each as the JSON object that is sent. Ids and times are made up and stay the same.";
  return moduleOf({
    doc: `The examples of ${contract.declaration.title} as events.`,
    imports: [
      "from __future__ import annotations",
      "",
      "from typing import Any",
      "",
      joinLines([
        ["FIXTURES: dict[str, dict[str, dict[str, Any]]] = ", data(fixtures)],
        docstring(summary(said)) ?? "",
      ]),
    ],
    statements: [],
  });
}
