import { hardLine } from "../lines.ts";
import type { Piece } from "../lines.ts";
import type { ContractModel } from "../model.ts";
import { receiverContract, verdictRule } from "../receiver-contract.ts";
import { quote } from "../typescript-syntax.ts";
import { modelNames } from "./models-module.ts";
import { eventName, snakeCase } from "./python-names.ts";
import {
  block,
  blockCall,
  call,
  classOf,
  data,
  docstring,
  importNames,
  importOrder,
  joinLines,
  lined,
  moduleOf,
  summary,
} from "./python-syntax.ts";

/** A contract's package: its `Webhook`, and its classes by name, which are imported when one is first asked for. */
export function packageModule(contract: ContractModel): Piece {
  const events = ["Event", "UnknownEvent", "WebhookEvent", ...contract.events.map(eventName)].sort(importOrder);
  const models = modelNames(contract);
  const exported = ["Webhook", "WebhookError", ...events, ...models].sort();
  const typed = [importNames(".events", events), ...(models.length > 0 ? [importNames(".models", models)] : [])];
  return moduleOf({
    doc: `${contract.declaration.title}: the receiver and the types of its events.`,
    imports: [
      "from __future__ import annotations",
      "",
      "from typing import TYPE_CHECKING",
      "",
      ...coreImports(contract),
      "from hookwright_webhooks._core.errors import WebhookError",
      "",
      ["if TYPE_CHECKING:", block([hardLine, joinLines(typed)])],
      ["else:", block([hardLine, "__getattr__ = _lazy.names_of(__name__, ", '("events", "models"))'])],
      "",
      ["__all__ = ", lined("[", exported.map(quote), "]")],
    ],
    statements: [webhookClass(contract)],
  });
}

const bases = { push: "PushWebhook", stream: "StreamWebhook", action: "ActionWebhook" } as const;

function coreImports({ declaration }: ContractModel): readonly string[] {
  const modules = [
    ...(declaration.mode === "action" ? ["action"] : []),
    ...(declaration.mode === "stream" ? ["batch"] : []),
    "lazy",
    ...(declaration.signature === null ? [] : ["signature"]),
    "webhook",
  ];
  return modules.map((name) => `from hookwright_webhooks._core import ${name} as _${name}`);
}

function webhookClass(contract: ContractModel): Piece {
  const { declaration } = contract;
  const module = declaration.mode === "action" ? "_action" : "_webhook";
  return classOf(`Webhook(${module}.${bases[declaration.mode]}["WebhookEvent"])`, [
    docstring(summary(`The receiver of ${declaration.title}.`)) ?? "",
    ["CONTRACT = ", blockCall("_webhook.Contract", contractArguments(contract))],
  ]);
}

function contractArguments(contract: ContractModel): readonly Piece[] {
  const { id, signature, eventId, carried, challenge, authorizationHeader, batch } = receiverContract(contract);
  return [
    `id=${quote(String(id))}`,
    'types_module=f"{__name__}.events"',
    ["signature=", isJson(signature) ? blockCall("_signature.SignatureScheme", keywords(signature)) : "None"],
    ...(isJson(eventId) && eventId.in === "header" ? [`id_header=${quote(String(eventId.name))}`] : []),
    ...(isJson(carried) ? [["carried=", data(carried)]] : []),
    ...(isJson(challenge) ? [["challenge=", challengeFormat(challenge)]] : []),
    ...(typeof authorizationHeader === "string" ? [`authorization_header=${quote(authorizationHeader)}`] : []),
    ...(isJson(batch) ? [["batch=", batchFormat(batch)]] : []),
    ...(contract.declaration.mode === "action" ? [["verdict=", verdictFormat(contract)]] : []),
  ];
}

type Json = Readonly<Record<string, unknown>>;

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function keywords(members: Json): readonly Piece[] {
  return Object.entries(members).map(([key, value]) => [`${snakeCase(key)}=`, argument(value)]);
}

function argument(value: unknown): Piece {
  if (isJson(value)) return call("label" in value ? "_signature.Message" : "_signature.SignedTime", keywords(value));
  if (Array.isArray(value) && value.every(isJson)) {
    return lined(
      "[",
      value.map((item) => call("_signature.SignatureAlgorithm", keywords(item))),
      "]",
    );
  }
  return Array.isArray(value) ? tupleOf(value) : data(value);
}

function tupleOf(values: readonly unknown[]): Piece {
  const texts = values.map((value) =>
    isJson(value) ? `_signature.Text(${quote(String(value.text))})` : quote(String(value)),
  );
  return `(${texts.join(", ")}${values.length === 1 ? "," : ""})`;
}

function challengeFormat({ constants, member, answer }: Json): Piece {
  return call("_webhook.Challenge", [
    ["constants=", data(constants)],
    `member=${quote(String(member))}`,
    `answer=${quote(String(answer))}`,
  ]);
}

function batchFormat({ body, recordMember, single }: Json): Piece {
  const { kind, member } = isJson(body) ? body : {};
  return call("_batch.BatchFormat", [
    `kind=${quote(String(kind))}`,
    ...(typeof member === "string" ? [`member=${quote(member)}`] : []),
    ...(typeof recordMember === "string" ? [`record_member=${quote(recordMember)}`] : []),
    ...(single === true ? ["single=True"] : []),
  ]);
}

function verdictFormat(contract: ContractModel): Piece {
  const rule = verdictRule(contract);
  return blockCall("_webhook.VerdictFormat", [
    `decision=${quote(rule.decision)}`,
    `denies=${quote(rule.denies)}`,
    `code=${quote(rule.code)}`,
    `reason=${quote(rule.reason)}`,
    ["overrides=", tupleOf(rule.overrides)],
    `bytes_max=${rule.bytesMax}`,
    `signature_header=${quote(rule.signatureHeader)}`,
  ]);
}
