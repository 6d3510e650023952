import { contract } from "../../../catalog/contract.ts";
import { slackWire } from "../../../catalog/vendor-presets.ts";
import type { Id } from "../../../catalog/vocabulary.ts";

export interface SlackEvents {
  /** Somebody named the app in a message. */
  app_mention: { type: "app_mention"; user: Id; text: string; channel: Id };
}

export const slack = contract<SlackEvents>({
  ...slackWire,
  envelope: { ...slackWire.envelope, api_app_id: { constant: "A0FFV41KK", doc: "The app that gets it." } },
  id: "slack",
  title: "Workspace events",
  doc: "What happens in workspaces, on the wire of Slack's Events API.",
  tenant: { noun: "workspace", example: "T061EG9R6" },
  userAgent: "Slackbot 1.0 (+https://api.slack.com/robots)",
  examples: {
    app_mention: { one: { type: "app_mention", user: "U061F7AUR", text: "<@U0LAN0Z89> is it?", channel: "C0LAN2Q65" } },
  },
});
