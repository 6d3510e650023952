/** Compares the names of fields and values in the SDKs of Python and Go, which have names of their own for them. */
import { fieldName, inGo, valueName } from "../go/names.ts";
import { enumsIn } from "../model-changes.ts";
import type { ContractModel, Field } from "../model.ts";
import { once } from "../once.ts";
import { attributeName, constantName, inPython } from "../python/python-names.ts";
import type { Difference } from "./finding.ts";

/** By shape and field as the catalog calls them: each name with what it names, `Python, "asc"`. */
type Names = ReadonlyMap<string, NamedField>;

interface NamedField {
  readonly field: Field;
  readonly names: ReadonlyMap<string, string>;
}

const namesOf = once((contract: ContractModel): Names => {
  const [python, go] = [inPython(contract), inGo(contract)];
  const named = contract.shapes.flatMap((shape, index) => {
    if (shape.kind === "union") return [];
    return shape.fields.map((field, at): readonly [string, NamedField] => {
      const [inPythonField, inGoField] = [fieldAt(python, index, at), fieldAt(go, index, at)];
      const names = new Map([
        ...namesIn("Python", inPythonField, { ofField: attributeName, ofValue: constantName }),
        ...namesIn("Go", inGoField, { ofField: fieldName, ofValue: valueName }),
      ]);
      return [`${shape.name}.${field.name}`, { field, names }];
    });
  });
  return new Map(named);
});

function fieldAt({ shapes }: ContractModel, shape: number, field: number): Field | undefined {
  const found = shapes[shape];
  return found?.kind === "object" ? found.fields[field] : undefined;
}

interface Naming {
  readonly ofField: (field: Field) => string;
  readonly ofValue: (text: string) => string;
}

function namesIn(language: string, field: Field | undefined, { ofField, ofValue }: Naming): [string, string][] {
  if (field === undefined) return [];
  const values = enumsIn(field.type).flatMap(({ values: of, names }) =>
    of.map((value, index): [string, string] => {
      return [`${language}, ${JSON.stringify(value)}`, ofValue(names?.[index] ?? String(value))];
    }),
  );
  return [[language, ofField(field)], ...values];
}

/** Finds fields and values that are the same on the wire and have another name in an SDK, in two shapes of one place. */
export function compareNames(
  before: { readonly contract: ContractModel; readonly shape: string },
  after: { readonly contract: ContractModel; readonly shape: string },
): readonly Difference[] {
  const [was, is] = [namesOf(before.contract), namesOf(after.contract)];
  const fields = [...is].filter(([key]) => key.startsWith(`${after.shape}.`));
  return fields.flatMap(([key, { field, names }]) => {
    const other = was.get(before.shape + key.slice(after.shape.length));
    if (other === undefined) return [];
    const changed = [...names].filter(([of, name]) => (other.names.get(of) ?? name) !== name);
    if (changed.length === 0) return [];
    const says = changed.map(([of, name]) => `${other.names.get(of)} is called ${name} now (${of})`).join(", ");
    const places = { before: other.field.span, after: field.span };
    return [{ ...places, rule: "sdk-name-changed", at: `.${field.name}`, says }];
  });
}
