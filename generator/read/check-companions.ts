/** The companions that contracts declare, against the event types of the whole catalog. */
import type { Companion, PushContract } from "../../catalog/contract.ts";
import { isPush, shapeOf } from "../model.ts";
import type { ContractModel, Shape, Slot } from "../model.ts";
import { isAssignable, isScalar, misfitOf, nothing } from "./assignable.ts";
import type { FieldsPlace, ShapesByName } from "./assignable.ts";
import { itemsOf, valueAt } from "./evaluated.ts";
import type { Evaluated } from "./evaluated.ts";
import type { ReadContract } from "./read-contract.ts";
import type { Report } from "./report.ts";

/** A contract that has something wrong with it is passed over: what follows from that is not reported a second time. */
export function checkCompanions(contracts: readonly ReadContract[], report: Report): void {
  const models = contracts.flatMap(({ model }) => model ?? []);
  const isWhole = models.length === contracts.length;
  const found = contracts.flatMap((contract) => companionsOf(contract));
  const checked = found.filter((companion) => checkOne(companion, { models, isWhole, report }));
  for (const companion of checked) checkCircle(companion, checked, report);
}

interface Found {
  readonly companion: Companion;
  /** The contract that declares it. */
  readonly model: ContractModel;
  readonly place: Evaluated;
}

function companionsOf({ declaration, model }: ReadContract): readonly Found[] {
  if (declaration === null || model === null || !isPush(model)) return [];
  const { companions = [] }: Pick<PushContract, "companions"> = model.declaration;
  const places = itemsOf(valueAt(declaration, "companions"));
  return companions.flatMap((companion, index) => {
    const place = places[index];
    return place === undefined ? [] : [{ companion, model, place }];
  });
}

interface Check {
  readonly models: readonly ContractModel[];
  /** Whether all contracts could be read. */
  readonly isWhole: boolean;
  readonly report: Report;
}

/** Whether its types are there. */
function checkOne({ companion, model, place }: Found, { models, isWhole, report }: Check): boolean {
  const own = model.declaration.id;
  const at = (...keys: readonly string[]) => (valueAt(place, ...keys) ?? place).node;
  const contract = models.find(({ declaration }) => declaration.id === (companion.contract ?? own));
  if (contract === undefined) {
    const message = `${own}: a companion of the contract ${companion.contract}, which the catalog does not have`;
    if (isWhole) report({ code: "HW070", at: at("contract"), message });
    return false;
  }
  const first = dataShape(contract, companion.of);
  const emitted = dataShape(model, companion.emits);
  const ofMessage = `${own}: a companion of ${companion.of}, which ${contract.declaration.id} does not have`;
  if (first === null) report({ code: "HW070", at: at("of"), message: ofMessage });
  const emitsMessage = `${own}: a companion ${companion.emits}, which ${own} does not have`;
  if (emitted === null) report({ code: "HW071", at: at("emits"), message: emitsMessage });
  if (first === null || emitted === null) return false;
  checkData(companion, {
    first: { shape: first, shapes: byName(contract) },
    emitted: { shape: emitted, shapes: byName(model) },
    complain: (code, message, ...keys) => report({ code, at: at(...keys), message: `${own}: ${message}` }),
  });
  return true;
}

function dataShape(contract: ContractModel, type: string): Shape | null {
  const event = contract.events.find(({ name }) => name === type);
  return event === undefined ? null : shapeOf(contract, event.data);
}

const byName = ({ shapes }: ContractModel): ShapesByName => new Map(shapes.map((shape) => [shape.name, shape]));

interface ShapePlace {
  readonly shape: Shape;
  readonly shapes: ShapesByName;
}

interface DataCheck {
  readonly first: ShapePlace;
  readonly emitted: ShapePlace;
  readonly complain: (code: "HW072" | "HW073", message: string, ...keys: readonly string[]) => void;
}

function checkData({ of, emits, when, data }: Companion, { first, emitted, complain }: DataCheck): void {
  const variants = variantsOf(first);
  const fieldsNamed = (name: string) => variants.map(({ fields }) => fields.find((field) => field.name === name));
  const slots = fieldsNamed(when?.field ?? "").filter((field) => field !== undefined);
  if (when !== undefined && slots.length === 0)
    return complain("HW072", `${of} has no field ${when.field}`, "when", "field");
  const never = when?.in.find((value) => !slots.some((slot) => canBe(slot, first, value)));
  if (never !== undefined)
    return complain("HW072", `${of}.${when?.field} is never ${JSON.stringify(never)}`, "when", "in");
  const absent =
    data.kind === "made"
      ? Object.entries(data.fields).find(([, field]) => "from" in field && fieldsNamed(field.from).includes(undefined))
      : undefined;
  if (absent !== undefined) {
    const [name, field] = absent;
    return complain("HW072", `${of} has no field ${"from" in field ? field.from : name}`, "data", "fields", name);
  }
  for (const variant of variants) {
    const misfit = doubled(data, variant) ?? misfitOf(companionData(data, variant), emitted);
    if (misfit !== null) return complain("HW073", `${of} does not make ${emits}: ${misfit}`, "data");
  }
}

/** What is added would be hidden by what is there. */
function doubled(data: Companion["data"], { fields }: FieldsPlace): string | null {
  const field = data.kind === "same" ? fields.find(({ name }) => Object.hasOwn(data.adds, name)) : undefined;
  return field === undefined ? null : `the field ${field.name} is there already`;
}

function canBe(slot: Slot, { shapes }: ShapePlace, value: string): boolean {
  const { kind } = slot.type;
  const place = { slot: constantSlot(value), shapes };
  return kind === "unknown" || isAssignable(place, { slot, shapes });
}

function variantsOf({ shape, shapes }: ShapePlace): readonly FieldsPlace[] {
  if (shape.kind === "object") return [{ fields: shape.fields, shapes }];
  return shape.variants.flatMap((variant) => {
    const found = shapes.get(variant.shape);
    return found === undefined ? [] : variantsOf({ shape: found, shapes });
  });
}

function companionData(data: Companion["data"], { fields, shapes }: FieldsPlace): FieldsPlace {
  switch (data.kind) {
    case "same": {
      const added = Object.entries(data.adds).map(([name, value]) => ({
        name,
        optional: false,
        ...constantSlot(value),
      }));
      return { fields: [...added, ...fields], shapes };
    }
    case "made":
      return {
        fields: Object.entries(data.fields).flatMap(([name, source]) => {
          if ("constant" in source) return [{ name, optional: false, ...constantSlot(source.constant) }];
          const field = fields.find((each) => each.name === source.from);
          return field === undefined ? [] : [{ name, ...orElse(field, source.otherwise) }];
        }),
        shapes,
      };
  }
}

/** Where the first event says nothing, or null, the other value stands: a scalar beside a scalar. */
function orElse(field: FieldsPlace["fields"][number], otherwise: string | number | boolean | null | undefined) {
  const { type, nullable, optional } = field;
  if (otherwise === undefined) return { type, nullable, optional };
  const other = constantSlot(otherwise).type;
  const of = [type, other].flatMap((each) => (each.kind === "scalars" ? each.of : isScalar(each) ? [each] : []));
  return { type: { kind: "scalars", of } as const, nullable: otherwise === null, optional: !isScalar(type) };
}

function constantSlot(value: string | number | boolean | null): Slot {
  return value === null ? nothing : { type: { kind: "constant", value }, nullable: false };
}

/** Reported at the companion that comes back to where it came from. */
function checkCircle(start: Found, all: readonly Found[], report: Report): void {
  const reached = new Set<Found>();
  for (let open: readonly Found[] = [start]; open.length > 0;) {
    open = all.filter((other) => !reached.has(other) && open.some((each) => follows(each, other)));
    for (const each of open) reached.add(each);
  }
  if (!reached.has(start)) return;
  const message = `${start.model.declaration.id}: ${start.companion.emits} leads back to ${start.companion.of}`;
  report({ code: "HW074", at: (valueAt(start.place, "emits") ?? start.place).node, message });
}

/** Whether the one brings the other about. */
function follows(one: Found, other: Found): boolean {
  const contract = other.companion.contract ?? other.model.declaration.id;
  return one.model.declaration.id === contract && one.companion.emits === other.companion.of;
}
