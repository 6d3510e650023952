/** An app that uses all that the package has for it, in the words of either kind of module. */
export const usesPackage = `
import { openHookwright, HookwrightError, parseKeyRing, type ProductTransaction } from "hookwright";
import { openTesting, failing, matchers } from "hookwright/testing";
import { contract, type Examples } from "hookwright/catalog/contract";
import { standardWebhooks } from "hookwright/catalog/presets";
import { hookwright } from "hookwright/catalog/hookwright";
import type { Id, Timestamp } from "hookwright/catalog/vocabulary";
import { catalogOf, declarationOf } from "hookwright/runtime/contracts/declaration";
import type { Emitter } from "hookwright/runtime/emitter";

interface OrderEvents {
  "order.placed": { orderId: Id; at: Timestamp };
}
const examples = {
  "order.placed": { one: { orderId: "ord_1", at: "2026-05-08T14:02:11.482Z" } },
} satisfies Examples<OrderEvents>;
export const shop = contract<OrderEvents>({
  ...standardWebhooks,
  id: "shop",
  title: "Shop",
  doc: "A shop.",
  tenant: { noun: "shop", example: "shop_1" },
  ids: {
    event: { prefix: "evt_", format: "uuid" },
    endpoint: { prefix: "whe_", format: "uuid" },
    delivery: { prefix: "dlv_" },
    attempt: { prefix: "dla_" },
  },
  userAgent: "Shop/1",
  examples,
});
const declarations = [shop, hookwright] as const;
const catalog = catalogOf<{ shop: Emitter<OrderEvents> }>()({
  shop: { declaration: declarationOf(declarations, { id: "shop", mode: "push" }), eventTypes: {} },
});
export async function use(tx: ProductTransaction): Promise<string> {
  const hooks = await openHookwright({ database: ":memory:", catalog, keyRing: parseKeyRing("1:key") });
  const { id } = await hooks.shop.emit("order.placed", {
    tenant: "shop_1",
    data: { orderId: "ord_1", at: "2026-05-08T14:02:11.482Z" },
    tx,
  });
  const tested = openTesting({ catalog });
  const orderId: string | undefined = tested.emitted("shop", "order.placed")[0]?.data.orderId;
  await tested.deliver(failing([500], () => new Response()));
  if (matchers.toHaveEmitted(tested, "shop", "order.placed").pass) throw new HookwrightError("closed", id);
  return orderId ?? id;
}
`;

export const usesSdk = `
import { Webhook } from "@hookwright/webhooks/stech";
import { fixtures } from "@hookwright/webhooks/stech/fixtures";
import { express } from "@hookwright/webhooks/express";
const webhook = new Webhook("whsec_");
export async function use(body: string, headers: Headers): Promise<string> {
  const event = await webhook.verify(body, headers);
  return event.type === "deployment.failed" ? event.data.agentName : event.type;
}
export const all = [fixtures, express];
`;

/** Version 7 has no Node10 any more. */
const all = ["typescript", "typescript-5.4", "typescript-7"];

/** Every way in which TypeScript finds a package, for both kinds of module. */
export const resolutions = [
  {
    name: "NodeNext, ESM",
    type: "module",
    options: { module: "nodenext", moduleResolution: "nodenext" },
    compilers: all,
  },
  {
    name: "NodeNext, CommonJS",
    type: "commonjs",
    options: { module: "nodenext", moduleResolution: "nodenext" },
    compilers: all,
  },
  {
    name: "Node16, ESM",
    type: "module",
    options: { module: "node16", moduleResolution: "node16" },
    compilers: ["typescript", "typescript-7"],
  },
  {
    name: "Node16, CommonJS",
    type: "commonjs",
    options: { module: "node16", moduleResolution: "node16" },
    compilers: all,
  },
  { name: "Bundler", type: "module", options: { module: "esnext", moduleResolution: "bundler" }, compilers: all },
  {
    name: "Node10, CommonJS",
    type: "commonjs",
    options: { module: "commonjs", moduleResolution: "node10" },
    compilers: ["typescript", "typescript-5.4"],
  },
] as const;
