import { hookwright } from "../../../catalog/hookwright/contract.ts";
import { ceBatched, ceBinary, ceStructured } from "./cloud-events.ts";
import { github } from "./github.ts";
import { messages, messagesShared } from "./messages.ts";
import { shopify } from "./shopify.ts";
import { slack } from "./slack.ts";
import { stripe } from "./stripe.ts";
import { zoom } from "./zoom.ts";

/** Contracts on other people's wires: the types are few, for it is the wire that is tried. */
export const catalog = [
  github,
  stripe,
  shopify,
  slack,
  zoom,
  ceStructured,
  ceBinary,
  ceBatched,
  messages,
  messagesShared,
  hookwright,
] as const;
