/** The second type argument of a contract in mode `action`: what its questions are answered with. */
import type { ts } from "ts-morph";
import { textAt } from "./evaluated.ts";
import type { EvaluatedObject } from "./evaluated.ts";
import { outerScope } from "./scope.ts";
import type { Reading } from "./scope.ts";
import type { ShapeBook } from "./shapes.ts";

/** The name of the verdict's shape. Null in the other modes, and when something in it has been reported. */
export function readVerdict(
  call: ts.CallExpression,
  declaration: EvaluatedObject,
  { reading, book }: { readonly reading: Reading; readonly book: ShapeBook },
): string | null {
  const [, argument] = call.typeArguments ?? [];
  const mode = textAt(declaration, "mode");
  const id = textAt(declaration, "id") ?? "a contract";
  if (mode === undefined) return null;
  if (mode === "action" && argument !== undefined) return readShape(argument, reading, book);
  if (mode === "action") {
    const message = `${id}: the contract does not say what is answered`;
    reading.report({ code: "HW015", at: call.expression, message });
  } else if (argument !== undefined) {
    const message = `${id}: a contract in mode ${mode} has no verdict`;
    reading.report({ code: "HW015", at: argument, message });
  }
  return null;
}

function readShape(argument: ts.TypeNode, reading: Reading, book: ShapeBook): string | null {
  const path = "verdict";
  const term = reading.termOf(argument, outerScope(reading, path));
  const slot = book.slotOf(term, { name: "Verdict", path }, argument);
  if (slot === null) return null;
  const shape = slot.type.kind === "shape" ? book.byName.get(slot.type.name) : undefined;
  if (shape?.kind === "object" && !slot.nullable) return shape.name;
  reading.report({ code: "HW016", at: argument, message: `${path}: it is not an object` });
  return null;
}
