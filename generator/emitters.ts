import { emit } from "./emit/emit.ts";
import type { Emitter } from "./emitter.ts";
import { go } from "./go/go.ts";
import { openapi } from "./openapi/openapi.ts";
import { reference } from "./reference/reference.ts";
import { typebox } from "./typebox/typebox.ts";
import { typescript } from "./typescript/typescript.ts";
import { vectors } from "./vectors/vectors.ts";

/** What is generated. A new language is a folder of its own and one line here. */
export const emitters: readonly Emitter[] = [typebox, emit, openapi, reference, typescript, go, vectors];
