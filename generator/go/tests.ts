import { carriedFields } from "../envelope.ts";
import { exampleEvents } from "../example-events.ts";
import type { ContractModel } from "../model.ts";
import { asText } from "./comment.ts";
import { packageName } from "./names.ts";
import { documented, goFile, indented, note, quote } from "./source.ts";
import type { Lines } from "./source.ts";
import { verdictTest } from "./verdict.ts";

/** The test that runs the contract's vectors. */
export function vectorsTest(contract: ContractModel): string {
  const { id, mode, signature } = contract.declaration;
  const adapter = mode === "stream" ? "OfBatches" : "OfEvents";
  const made = signature === null ? unsignedReceiver : ["hook, err := NewWith(settings, secrets...)"];
  const test = [
    "func TestVectors(t *testing.T) {",
    `\tvectors.Run(t, ${quote(id)}, func(settings webhook.Settings, secrets []string) (vectors.Verify, error) {`,
    ...indented(indented([...made, "if err != nil {", "\treturn nil, err", "}"])),
    `\t\treturn vectors.${adapter}(hook.Verify), nil`,
    "\t})",
    "}",
  ];
  return goFile(packageName(id), [test, ...(mode === "action" ? [verdictTest(contract)] : [])]);
}

const unsignedReceiver = [
  "if secrets == nil {",
  "\thook, err := NewWithoutAuthorization(settings)",
  "\treturn vectors.OfBatches(hook.Verify), err",
  "}",
  "hook, err := NewWith(settings, secrets...)",
];

/** The catalog's examples as bodies, for receivers' tests. */
export function fixtures(contract: ContractModel): string {
  const { id } = contract.declaration;
  const title = asText(contract.declaration.title.replaceAll(/\s+/g, " "));
  const name = `${packageName(id)}test`;
  const comment = [
    `// Package ${name} has the published examples of ${title}, for tests of receivers. Ids and times are made up and stay`,
    "// the same.",
  ];
  const hasHeaders = carriedFields(contract.declaration).length > 0;
  const events = contract.events.flatMap((event) =>
    exampleEvents(contract, event).map((example) => {
      const values = [quote(event.name), quote(example.name), rawText(JSON.stringify(example.body))];
      return `{${[...values, ...(hasHeaders ? [headersText(example.headers)] : [])].join(", ")}},`;
    }),
  );
  const type = [
    "type Event struct {",
    "\t// Type of the event, and the name of the example.",
    "\tType, Name string",
    `\t// JSON is ${hasHeaders ? "the body" : "the event"}.`,
    "\tJSON string",
    ...(hasHeaders ? ["\t// Headers carry the rest of the event.", "\tHeaders map[string]string"] : []),
    "}",
  ];
  const list: Lines = ["var Events = []Event{", ...indented(events), "}"];
  return goFile(
    name,
    [
      documented(note("Event is an example of an event type."), type),
      documented(note("Events has the examples in the order of the catalog."), list),
    ],
    comment,
  );
}

function headersText(headers: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(headers).map(([name, value]) => `${quote(name)}: ${quote(value)}`);
  return `map[string]string{${pairs.join(", ")}}`;
}

/** Without escapes where Go can write it so. */
function rawText(text: string): string {
  return /[`\r\ufeff]/.test(text) ? quote(text) : `\`${text}\``;
}
