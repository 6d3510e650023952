import { carriedFields, envelopeValue } from "../envelope.ts";
import type { ContractModel } from "../model.ts";
import { eventIdHeader } from "./events.ts";
import { contractVariable } from "./scheme.ts";
import { documented, indented, note, quote } from "./source.ts";
import type { Lines } from "./source.ts";

/** The receiver: how it is made, and what it does in the contract's mode. */
export function webhookDeclarations(contract: ContractModel): readonly Lines[] {
  return [
    documented(note(`Webhook receives ${contract.declaration.title}. It is safe for concurrent use.`), [
      "type Webhook struct{ receiver *receiver.Receiver }",
    ]),
    ...constructors(contract),
    ...methods(contract),
    documented(note("Sign gives the headers that a sender with the first secret sends with this body; for tests."), [
      "func (hook *Webhook) Sign(body []byte, as webhook.Signing) http.Header {",
      "\treturn hook.receiver.Sign(body, as)",
      "}",
    ]),
    contractVariable(contract),
    ...carriedVariable(contract),
  ];
}

function constructors({ declaration }: ContractModel): readonly Lines[] {
  const made = [
    "func New(secrets ...string) (*Webhook, error) {",
    "\treturn NewWith(webhook.Settings{}, secrets...)",
    "}",
  ];
  const madeWith = [
    "func NewWith(settings webhook.Settings, secrets ...string) (*Webhook, error) {",
    ...indented(receiverOf("receiver.New(contract, settings, secrets)")),
    "}",
  ];
  const withSettings = documented(note("NewWith is New with other settings than the usual ones."), madeWith);
  if (declaration.signature !== null) return [documented(note(secretsDoc), made), withSettings];
  const unauthorized = [
    "func NewWithoutAuthorization(settings webhook.Settings) (*Webhook, error) {",
    ...indented(receiverOf("receiver.Open(contract, settings)")),
    "}",
  ];
  return [documented(note(textsDoc), made), withSettings, documented(note(openDoc), unauthorized)];
}

const secretsDoc = `New takes the secret as it was shown, with its prefix, or several while one replaces another: a delivery is
accepted when any of them signed it. The error is a *webhook.VerificationError with webhook.ErrSecretInvalid.`;
const textsDoc = `New takes the text of the authorization header as it was configured, or several while one replaces another.
Nothing else proves the sender, for nothing is signed. The error is a *webhook.VerificationError with
webhook.ErrSecretInvalid.`;
const openDoc = `NewWithoutAuthorization takes every request, for an endpoint that was configured without the header: let nobody
else reach it.`;

function receiverOf(call: string): Lines {
  return [`r, err := ${call}`, "if err != nil {", "\treturn nil, err", "}", "return &Webhook{r}, nil"];
}

function methods(contract: ContractModel): readonly Lines[] {
  switch (contract.declaration.mode) {
    case "push":
      return [...readMethods(contract, "Event"), eventHandler];
    case "stream":
      return [batchAlias, ...readMethods(contract, "*Batch"), batchHandler];
    case "action":
      return [...readMethods(contract, "Event"), verdictHandler, respond];
  }
}

function readMethods(contract: ContractModel, result: string): readonly Lines[] {
  const what = result === "Event" ? "its event" : "its records";
  const header = result === "Event" ? eventIdHeader(contract) : null;
  const carried = carriedFields(contract.declaration);
  const parse = carried.length === 0 ? parseCall(contract) : "decode.Request(body, header, carried, decodeEvent)";
  const last = header === null ? [`return ${parse}`] : withHeaderId(parse, header);
  const parameters = carried.length === 0 ? "body []byte" : "body []byte, header http.Header";
  return [
    documented(note(`Verify checks a delivery and gives ${what}. ${tolerant} ${errors}`), [
      `func (hook *Webhook) Verify(body []byte, header http.Header) (${result}, error) {`,
      "\tif err := hook.receiver.Check(body, header); err != nil {",
      "\t\treturn nil, err",
      "\t}",
      ...indented(last),
      "}",
    ]),
    documented(note(`Parse gives ${what} of a body that was verified before, by a queue's producer for instance.`), [
      `func (hook *Webhook) Parse(${parameters}) (${result}, error) {`,
      "\tif err := hook.receiver.CheckSize(body); err != nil {",
      "\t\treturn nil, err",
      "\t}",
      `\treturn ${parse}`,
      "}",
    ]),
  ];
}

/** The members of an event that headers carry; no lines where there are none. */
function carriedVariable(contract: ContractModel): readonly Lines[] {
  const fields = carriedFields(contract.declaration);
  if (fields.length === 0) return [];
  const items = fields.map(({ key, header, field }) => {
    const value = envelopeValue(field);
    const isPlain = value.kind === "integer" || (value.kind === "constant" && typeof value.value !== "string");
    return `{Key: ${quote(key)}, Header: ${quote(header)}${isPlain ? ", Plain: true" : ""}},`;
  });
  return [["var carried = []decode.Carried{", ...indented(items), "}"]];
}

const tolerant = "An event type, enum value or field that was added later is a value, never an error.";
const errors = "The error is a *webhook.VerificationError or a *webhook.PayloadError.";

function parseCall({ declaration }: ContractModel): string {
  if (declaration.mode !== "stream") return "decode.Single(body, decodeEvent)";
  const { body, single, record } = declaration.batch;
  const layout = [
    `Kind: ${quote(body.kind)}`,
    ...(body.kind === "object" ? [`Member: ${quote(body.member)}`] : []),
    ...(record === undefined ? [] : [`RecordMember: ${quote(record.member)}`]),
    ...(single === null ? [] : ["Single: true"]),
  ];
  return `decode.Batch(body, decode.Layout{${layout.join(", ")}}, decodeEvent)`;
}

function withHeaderId(parse: string, header: string): Lines {
  return [
    `event, err := ${parse}`,
    "if err != nil {",
    "\treturn nil, err",
    "}",
    `event.Header().eventID = header.Get(${quote(header)})`,
    "return event, nil",
  ];
}

const answers = `It answers 200 once the function is done, 400 or 422 when the delivery is refused, and 500 when the function
gives an error, so that the sender tries again. With settings.Dedupe`;

const eventHandler = documented(
  note(`Handler receives events. ${answers} the function is called once for each event.`),
  [
    "func (hook *Webhook) Handler(handle func(context.Context, Event) error) http.Handler {",
    "\treturn receiver.EventHandler(hook.receiver, hook.Verify, handle)",
    "}",
  ],
);

const batchAlias = documented(note("Batch has the records of a delivery."), ["type Batch = webhook.Batch[Event]"]);

const batchHandler = documented(note(`Handler receives batches. ${answers} it gets each record once.`), [
  "func (hook *Webhook) Handler(handle func(context.Context, *Batch) error) http.Handler {",
  "\treturn receiver.BatchHandler(hook.receiver, hook.Verify, handle)",
  "}",
]);

const verdictHandler = documented(
  note(`Handler answers questions: with the verdict, with 400 or 422 when the request is refused, and with 500 when the
function gives an error.`),
  [
    "func (hook *Webhook) Handler(decide func(context.Context, Event) (Verdict, error)) http.Handler {",
    "\treturn receiver.VerdictHandler(hook.receiver, hook.Verify, decide, hook.Respond)",
    "}",
  ],
);

const respond = documented(
  note(`Respond writes the verdict as the whole response, signed if settings.SignResponses says so. With an error, of
webhook.ErrVerdictInvalid or of the connection, nothing is written.`),
  [
    "func (hook *Webhook) Respond(w http.ResponseWriter, verdict Verdict) error {",
    "\tif verdict == nil {",
    "\t\treturn webhook.ErrVerdictInvalid",
    "\t}",
    "\treturn hook.receiver.Respond(w, verdict.answer())",
    "}",
  ],
);
