import { envelopeFields, envelopeValue } from "../envelope.ts";
import { shapeOf } from "../model.ts";
import type { ContractModel, EventType, ObjectShape, Shape } from "../model.ts";
import { nameSpace } from "../names.ts";
import { dataKeyOf } from "../receiver-contract.ts";
import { eventName, goName, packageName, unknownVariant, valueName } from "./names.ts";
import { enumsOf } from "./shapes.ts";
import { enumName } from "./types.ts";

const declared = `Allow Batch Decision Envelope Event New NewWith NewWithoutAuthorization Override UnknownEvent Verdict
Webhook`;
const itsOwn = (names: string) => names.split(/\s+/).map((name) => [name, "a name of the SDK itself"] as const);
const reserved = new Map(itsOwn(declared));
// Methods of every event, and the fields that hold it as it was sent.
const eventMembers = new Map(itsOwn("Allow Deny Override EventType EventID Header Raw"));

/** Throws when two things of a contract would have one name in Go, in the package or within a type. */
export function claimNames(contract: ContractModel): void {
  const id = contract.declaration.id;
  if (!/^[a-z]/.test(packageName(id))) throw new Error(`The Go SDK: "${id}" is no name for a package.`);
  const names = nameSpace(`The Go SDK of "${id}"`, reserved);
  for (const shape of contract.shapes) {
    if (shape.name === contract.verdict) continue;
    names.claim(goName(shape.name), `the shape ${shape.name}`);
    if (shape.kind === "object") claimMembers(names, id, shape);
    else if (shape.open) names.claim(unknownVariant(shape), `later kinds of ${shape.name}`);
  }
  for (const event of contract.events) names.claim(eventName(event), `the event type ${event.name}`);
  claimEnvelope(contract);
  for (const event of contract.events) claimEvent(contract, event);
}

function claimMembers(names: ReturnType<typeof nameSpace>, id: string, shape: ObjectShape): void {
  const fields = nameSpace(`The Go SDK of "${id}", ${shape.name}`, new Map());
  for (const { name } of shape.fields) fields.claim(goName(name), `the field ${name}`);
  for (const { field, values } of enumsOf(shape)) {
    const type = enumName({ shape, field });
    names.claim(type, `the values of ${shape.name}.${field.name}`);
    for (const value of values) {
      if (valueName(value) === "") throw new Error(`The Go SDK: ${shape.name}.${field.name}: "${value}" has no name.`);
      names.claim(type + valueName(value), `the value "${value}" of ${shape.name}.${field.name}`);
    }
  }
}

/** The fields of the envelope; the data's, too, where they stand in it. */
function claimEnvelope({ declaration }: ContractModel): void {
  const fields = nameSpace(`The Go SDK of "${declaration.id}", Envelope`, eventMembers);
  const values = envelopeFields(declaration).filter(([, field]) => !isOfOneEvent(envelopeValue(field).kind));
  for (const [key] of values) fields.claim(goName(key), `the envelope's field ${key}`);
}

function claimEvent(contract: ContractModel, event: EventType): void {
  const { declaration } = contract;
  const fields = nameSpace(`The Go SDK of "${declaration.id}", ${event.name}`, eventMembers);
  fields.claim("Envelope", "the envelope");
  for (const [key, field] of envelopeFields(declaration)) {
    if (envelopeValue(field).kind !== "members") fields.claim(goName(key), `the envelope's field ${key}`);
  }
  if (dataKeyOf(contract) !== null) return;
  const data = shapeOf(contract, event.data);
  fields.claim(goName(data.name), `the data, ${data.name}`);
  for (const name of fieldNames(data)) fields.claim(goName(name), `the field ${name} of ${data.name}`);
}

function fieldNames(shape: Shape): readonly string[] {
  return shape.kind === "object" ? shape.fields.map(({ name }) => name) : [];
}

function isOfOneEvent(kind: string): boolean {
  return kind === "data" || kind === "members" || kind === "meta";
}
