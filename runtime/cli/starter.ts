/** What a new project consists of. */

export const starterScripts = {
  generate: "hookwright generate --only typebox,emit,openapi,reference,typescript",
  check: "hookwright check",
  start: "hookwright run app.ts",
  serve: "hookwright serve",
} as const;

/** Texts by path. */
export function starterFiles(): Readonly<Record<string, string>> {
  return {
    "catalog/index.ts": index,
    "catalog/shop/contract.ts": contract,
    "catalog/shop/order.ts": events,
    "catalog/shop/examples.ts": examples,
    "app.ts": app,
    "tsconfig.json": tsconfig,
    ".gitignore": "node_modules/\ndata/\n",
    "README.md": readme,
  };
}

const index = `import { hookwright } from "hookwright/catalog/hookwright";
import { shop } from "./shop/contract.ts";

/** The catalog: every contract. The first is the one an endpoint gets when it names none. */
export const catalog = [shop, hookwright] as const;
`;

const contract = `import { contract } from "hookwright/catalog/contract";
import { standardWebhooks } from "hookwright/catalog/presets";
import { examples } from "./examples.ts";
import type { OrderEvents } from "./order.ts";

export interface ShopEvents extends OrderEvents {}

export const shop = contract<ShopEvents>({
  ...standardWebhooks,
  id: "shop",
  title: "Shop webhooks",
  doc: "One signed POST for each event of a shop. Deliveries may repeat: deduplicate on \`webhook-id\`.",
  tenant: { noun: "shop", example: "shop_1" },
  ids: {
    event: { prefix: "evt_", format: "uuid" },
    endpoint: { prefix: "whe_", format: "uuid" },
    delivery: { prefix: "dlv_" },
    attempt: { prefix: "dla_" },
  },
  userAgent: "Shop-Webhooks/1",
  examples,
});
`;

const events = `import type { Id, Int, Open, Timestamp } from "hookwright/catalog/vocabulary";

/** An amount of money. */
export interface Money {
  /** In the smallest unit of the currency. */
  amount: Int;
  currency: Open<"EUR" | "USD">;
}

export interface OrderEvents {
  /** A customer placed an order; it is not paid yet. */
  "order.placed": {
    orderId: Id;
    total: Money;
    /** Null when the customer said nothing. */
    note: string | null;
  };

  /** An order was paid in full. */
  "order.paid": {
    orderId: Id;
    total: Money;
    paidAt: Timestamp;
  };
}
`;

const examples = `import type { Examples } from "hookwright/catalog/contract";
import type { ShopEvents } from "./contract.ts";

export const examples = {
  "order.placed": {
    "without a note": { orderId: "ord_1", total: { amount: 1999, currency: "EUR" }, note: null },
  },
  "order.paid": {
    "by card": { orderId: "ord_1", total: { amount: 1999, currency: "EUR" }, paidAt: "2026-05-08T14:02:11.482Z" },
  },
} satisfies Examples<ShopEvents>;
`;

const app = `// Emits one event and receives it: the product and its customer in one process.
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openHookwright } from "hookwright";
import { catalog } from "./runtime/generated/catalog.ts";
import { Webhook } from "./sdks/typescript/src/contracts/shop.ts";

// Your customer's part: verify the delivery, and go on with a typed event.
let webhook: Webhook | null = null;
const received = Promise.withResolvers<void>();
const receiver = createServer(async (request, response) => {
  const body = Buffer.concat(await Array.fromAsync(request));
  const event = await webhook?.verify(body, request.headers);
  response.writeHead(200).end();
  if (event?.type === "order.placed") console.log(\`delivered: order.placed \${event.data.orderId}\`);
  received.resolve();
});
await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
const { port } = receiver.address() as AddressInfo;

// Your part: open the log, and emit. This machine is no public address, so it has to be allowed.
mkdirSync("data", { recursive: true });
const hooks = await openHookwright({
  database: "./data/shop.db",
  catalog,
  allowTargets: [{ cidr: "127.0.0.0/8", portMin: port, portMax: port }],
});
const { endpoint, signingSecret } = await hooks.endpoints.create({
  tenant: "shop_1",
  contract: "shop",
  url: \`http://127.0.0.1:\${port}/webhooks\`,
  description: "the receiver above",
  events: ["order.placed"],
});
if (signingSecret === null) throw new Error("The contract shop signs with a secret that it shares.");
webhook = new Webhook(signingSecret);
const event = await hooks.shop.emit("order.placed", {
  tenant: "shop_1",
  data: { orderId: "ord_1", total: { amount: 1999, currency: "EUR" }, note: null },
});
console.log(\`emitted:   \${event.type} \${event.id}\`);

await received.promise;
await hooks.endpoints.remove({ tenant: "shop_1", id: endpoint.id });
await hooks.close();
receiver.close();
`;

const tsconfig = `{
  "compilerOptions": {
    "target": "es2024",
    "lib": ["es2024", "esnext.array", "dom", "dom.iterable"],
    "module": "nodenext",
    "types": ["node"],
    "noEmit": true,
    "strict": true,
    "exactOptionalPropertyTypes": true,
    "noUncheckedIndexedAccess": true,
    "verbatimModuleSyntax": true,
    "erasableSyntaxOnly": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true
  },
  "include": ["*.ts", "catalog", "runtime", "sdks/typescript/src"]
}
`;

const readme = `# Webhooks

\`\`\`sh
npm run generate   # schemas, emit, OpenAPI, reference and SDK from catalog/
npm start          # emits one event and receives it
npm run serve      # the HTTP API and the engine, on port 8080
\`\`\`

\`catalog/shop/order.ts\` has the event types, \`catalog/shop/contract.ts\` how they are sent. Keep what your customers rely
on with \`npx hookwright baseline\`; from then on \`npm run check\` fails when a change would break them.
\`npx hookwright --help\` shows the rest.
`;
