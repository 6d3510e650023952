import { contract } from "../../../catalog/contract.ts";
import { signedMessages, signedMessagesShared } from "../../../catalog/message-presets.ts";
import type { Id, Int } from "../../../catalog/vocabulary.ts";

export interface MeterEvents {
  /** A meter was read. */
  "meter.read": { meterId: Id; value: Int };
}

const common = {
  title: "Meter readings",
  doc: "What meters say, as signed HTTP messages.",
  tenant: { noun: "grid", example: "grid-1" },
  userAgent: "Meters/1",
  examples: { "meter.read": { one: { meterId: "m_1", value: 12 } } },
} as const;

export const messages = contract<MeterEvents>({ ...signedMessages, ...common, id: "messages" });

export const messagesShared = contract<MeterEvents>({ ...signedMessagesShared, ...common, id: "messagesShared" });
