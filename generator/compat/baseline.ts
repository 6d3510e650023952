import { jsonFile } from "../json.ts";
import type { CatalogModel } from "../model.ts";

/** Grows when a model that was written before can no longer be read as one. */
const formatVersion = 1;

/** Where the baseline stands, beside the catalog's index. */
export const baselineName = "baseline.json";

/** A catalog as a file that a later one is compared with. */
export function formatBaseline(catalog: CatalogModel): string {
  return jsonFile({ format: formatVersion, ...catalog }, 4);
}

/** The catalog of a baseline. `name` is the file's, for messages. Throws when it is no baseline of this format. */
export function parseBaseline(text: string, name: string): CatalogModel {
  const values = new Map<string, unknown>(Object.entries(parseJson(text, name)));
  const [format, contracts] = [values.get("format"), values.get("contracts")];
  if (format !== formatVersion)
    throw new Error(
      `${name}: expected a baseline of format ${formatVersion}, got ${JSON.stringify(format)}. Write it with "hookwright baseline".`,
    );
  if (!Array.isArray(contracts) || !contracts.every(isContract))
    throw new Error(
      `${name}: expected contracts with declaration, events and shapes. Write it with "hookwright baseline".`,
    );
  return { contracts };
}

function parseJson(text: string, name: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${name} is not JSON: ${reason}`, { cause: error });
  }
  throw new Error(`${name}: expected a JSON object. Write it with "hookwright baseline".`);
}

function isContract(value: unknown): boolean {
  const { declaration, events, shapes } = { declaration: null, events: null, shapes: null, ...Object(value) };
  return typeof declaration === "object" && declaration !== null && Array.isArray(events) && Array.isArray(shapes);
}
