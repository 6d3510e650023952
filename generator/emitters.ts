import { asyncapi } from "./asyncapi/asyncapi.ts";
import { emit } from "./emit/emit.ts";
import type { Emitter } from "./emitter.ts";
import { go } from "./go/go.ts";
import { jsonschema } from "./jsonschema/jsonschema.ts";
import { openapi } from "./openapi/openapi.ts";
import { python } from "./python/python.ts";
import { reference } from "./reference/reference.ts";
import { typebox } from "./typebox/typebox.ts";
import { typescript } from "./typescript/typescript.ts";
import { vectors } from "./vectors/vectors.ts";

/** What is generated. A new language is a folder of its own and one line here. */
export const emitters: readonly Emitter[] = [
  typebox,
  emit,
  jsonschema,
  openapi,
  asyncapi,
  reference,
  typescript,
  python,
  go,
  vectors,
];
