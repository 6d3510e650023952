import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** What Redocly's recommended rules find in an OpenAPI document, errors and warnings. */
export async function lintOpenapi(document: object): Promise<readonly string[]> {
  const config = await createConfig({ extends: ["recommended"] });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  return problems.map(({ severity, ruleId, message, location }) => {
    return `${severity} ${ruleId}: ${message} at ${location[0]?.pointer}`;
  });
}

/** Compiles every schema of an OpenAPI document, also those inside operations, as JSON Schema 2020-12. Returns how many. */
export function compileSchemas(document: { readonly components?: object }): number {
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allowUnionTypes: true,
    inlineRefs: false,
  });
  addFormats.default(ajv);
  ajv.addFormat("int64", true);
  ajv.addVocabulary(["discriminator", "components", "x-extensible-enum"]);
  const base = "https://hooks.example/openapi";
  ajv.addSchema({ $id: base, components: document.components });
  const schemas = schemasIn(document);
  const texts = new Set(schemas.map((schema) => JSON.stringify(schema)));
  for (const text of texts) ajv.compile(JSON.parse(text.replaceAll('"$ref":"#/', `"$ref":"${base}#/`)));
  return schemas.length;
}

/** What stands under `schema` anywhere, and the components under `schemas`. */
function schemasIn(value: unknown): readonly object[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner !== "object" || inner === null || key === "examples") return [];
    if (key === "schema") return [inner];
    return key === "schemas" ? Object.values(inner) : schemasIn(inner);
  });
}
