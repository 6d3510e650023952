import type { ContractModel, Field, ObjectShape } from "../model.ts";
import { verdictRule, verdictShape } from "../receiver-contract.ts";
import { enumName, eventName, fieldName } from "./names.ts";
import { enumDeclarations, enumsOf } from "./shapes.ts";
import { documented, indented, keyedValues, note, quote } from "./source.ts";
import type { Lines } from "./source.ts";
import { typeOf } from "./types.ts";

/** What an action answers. Only the questions that may be denied, or overridden, have the method for it. */
export function verdictDeclarations(contract: ContractModel): readonly Lines[] {
  const shape = verdictShape(contract);
  const { decision, allows, overrides, others, triggers } = verdictRule(contract);
  const allowing = `receiver.Answer{${quote(decision)}: ${quote(allows)}}`;
  const overriding = contract.events.filter((event) => triggers[event.name] === "decides-and-overrides");
  const deciding = contract.events.filter((event) => triggers[event.name] !== "informational");
  const enums = enumsOf(shape).filter(({ field }) => [...overrides, ...others].includes(field.name));
  return [
    sealed(overriding.length > 0),
    ...enums.flatMap(({ field, type }) => enumDeclarations(enumName(field), type)),
    ...verdictType("Decision", "Decision lets it go on or stops it."),
    documented(note("Allow lets it go on."), [`func Allow() *Decision { return &Decision{${allowing}} }`]),
    ...deciding.map((event) => denyMethod(eventName(event))),
    ...(deciding.length === 0 ? [] : [denyFunction(contract)]),
    ...others.map((name) => setter("Decision", { contract, shape, name })),
    ...(overriding.length === 0 ? [] : verdictType("Override", "Override lets it go on and changes what comes of it.")),
    ...overriding.map((event) => overrideMethod(eventName(event), allowing)),
    ...(overriding.length === 0 ? [] : [...overrides, ...others]).map((name) =>
      setter("Override", { contract, shape, name }),
    ),
  ];
}

/** The methods that set members of a verdict, by the names of the wire. */
export function setterNames(contract: ContractModel): Readonly<Record<string, string>> {
  const { overrides, others } = verdictRule(contract);
  const shape = verdictShape(contract);
  return Object.fromEntries([...overrides, ...others].map((name) => [name, fieldName(fieldNamed(shape, name))]));
}

function sealed(hasOverrides: boolean): Lines {
  const summary = `Verdict is the answer to a question: a *Decision${hasOverrides ? " or an *Override" : ""}.`;
  return documented(note(summary), ["type Verdict interface{ answer() receiver.Answer }"]);
}

function verdictType(name: string, summary: string): readonly Lines[] {
  return [
    documented(note(summary), [`type ${name} struct{ members receiver.Answer }`]),
    [`func (v *${name}) answer() receiver.Answer { return v.members }`],
  ];
}

function denyMethod(event: string): Lines {
  const summary = "Deny stops it. Code and reason are left out when they are empty.";
  return documented(note(summary), [
    `func (*${event}) Deny(code, reason string) *Decision { return deny(code, reason) }`,
  ]);
}

function denyFunction(contract: ContractModel): Lines {
  const { decision, denies, code, reason } = verdictRule(contract);
  return [
    "func deny(code, reason string) *Decision {",
    `\tmembers := receiver.Answer{${quote(decision)}: ${quote(denies)}}`,
    '\tif code != "" {',
    `\t\tmembers[${quote(code)}] = code`,
    "\t}",
    '\tif reason != "" {',
    `\t\tmembers[${quote(reason)}] = reason`,
    "\t}",
    "\treturn &Decision{members}",
    "}",
  ];
}

function overrideMethod(event: string, allowing: string): Lines {
  return documented(note("Override lets it go on and changes what the methods of the verdict say."), [
    `func (*${event}) Override() *Override { return &Override{${allowing}} }`,
  ]);
}

interface Member {
  readonly contract: ContractModel;
  readonly shape: ObjectShape;
  readonly name: string;
}

function setter(type: string, { contract, shape, name }: Member): Lines {
  const field = fieldNamed(shape, name);
  const method = fieldName(field);
  // What a receiver gets as raw JSON it gives as any value that has a JSON form.
  const given = typeOf(field.type, { contract, shape, field }).text.replaceAll("json.RawMessage", "any");
  return documented(field.doc ?? note(`${method} sets "${name}".`), [
    `func (v *${type}) ${method}(value ${given}) *${type} {`,
    `\treturn &${type}{v.members.With(${quote(name)}, value)}`,
    "}",
  ]);
}

function fieldNamed(shape: ObjectShape, name: string): Field {
  const field = shape.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new Error(`The Go SDK: the verdict ${shape.name} has no member "${name}".`);
  return field;
}

/** The Go test that runs the vectors of verdicts. */
export function verdictTest(contract: ContractModel): Lines {
  const triggers = contract.events.map((event) => [quote(event.name), [`&${eventName(event)}{}`]] as const);
  const setters = Object.entries(setterNames(contract)).map(
    ([name, method]) => [quote(name), [quote(method)]] as const,
  );
  const respond = [
    "func(settings webhook.Settings, secret string, w http.ResponseWriter, verdict any) error {",
    "\thook, err := NewWith(settings, secret)",
    "\tif err != nil {",
    "\t\treturn err",
    "\t}",
    "\treturn hook.Respond(w, verdict.(Verdict))",
    "}",
  ];
  const subject = keyedValues([
    ["Contract", [quote(contract.declaration.id)]],
    ["Allow", ["func() any { return Allow() }"]],
    ["Triggers", ["map[string]any{", ...indented(keyedValues(triggers)), "}"]],
    ["Setters", ["map[string]string{", ...indented(keyedValues(setters)), "}"]],
    ["Respond", respond],
  ]);
  return [
    "func TestVerdicts(t *testing.T) {",
    "\tvectors.RunVerdicts(t, vectors.Verdicts{",
    ...indented(indented(subject)),
    "\t})",
    "}",
  ];
}
