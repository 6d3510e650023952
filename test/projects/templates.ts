import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { templateNames, type TemplateName } from "../../runtime/cli/templates.ts";
import type { Packed } from "./packed.ts";

/** Sends an order twice to the app of each framework: the second one fails with its event, as there is one order of an id. */
const posts: Readonly<Record<TemplateName, string>> = {
  express: `import { app } from "./src/orders.js";
const server = app.listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const { port } = server.address() as { port: number };
const post = (init: RequestInit) => fetch(\`http://127.0.0.1:\${port}/orders\`, init);
const close = () => server.close();`,
  fastify: `import { app } from "./src/orders.js";
const url = await app.listen({ port: 0, host: "127.0.0.1" });
const post = (init: RequestInit) => fetch(url + "/orders", init);
const close = () => app.close();`,
  hono: `import { app } from "./src/orders.js";
const post = (init: RequestInit) => app.request("/orders", init);
const close = () => {};`,
  nest: `import "reflect-metadata";
import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { OrdersController } from "./src/orders.controller.js";
@Module({ controllers: [OrdersController] })
class AppModule {}
const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(0, "127.0.0.1");
const post = async (init: RequestInit) => fetch((await app.getUrl()) + "/orders", init);
const close = () => app.close();`,
  next: `import { POST } from "./app/orders/route.js";
const post = (init: RequestInit) => POST(new Request("http://localhost/orders", init)).catch(() => new Response(null, { status: 500 }));
const close = () => {};`,
};

const packages: Partial<Record<TemplateName, string>> = { nest: "@nestjs/common" };

const program = (template: TemplateName) => `import { sql } from "kysely";
import { hookwright } from "./src/hooks.js";
${posts[template]}
const order = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ id: "ord_1", amount: 5 }) };
const statuses = [(await post(order)).status, (await post(order)).status];
const hooks = await hookwright();
const count = async (table: string) => (await sql<{ n: number }>\`select count(*) as n from \${sql.table(table)}\`.execute(hooks.store.database)).rows[0]?.n;
console.log(JSON.stringify({ statuses, orders: await count("orders"), events: await count("hookwright_events") }));
await close();
await hooks.close();
`;

/** `hookwright init --template …` in an app of that framework. */
export function describeTemplates(packed: () => Packed): void {
  test.each(templateNames)("of %s emits inside a transaction", { timeout: 120_000 }, (template) => {
    const compilerOptions = {
      ...{ module: "nodenext", target: "es2022", lib: ["es2022", "dom"], types: ["node"], strict: true },
      ...{ skipLibCheck: true, outDir: "dist", rootDir: ".", esModuleInterop: true, experimentalDecorators: true },
    };
    const app = packed().app({
      "package.json": JSON.stringify({
        private: true,
        type: "module",
        dependencies: { [packages[template] ?? template]: "*" },
      }),
      "tsconfig.json": JSON.stringify({ compilerOptions, include: ["*.ts", "src", "app", "catalog", "runtime"] }),
      "post.ts": program(template),
    });
    const run = (...command: readonly string[]) => {
      const ran = app.run(command);
      expect(ran.status, `${command.join(" ")}\n${ran.stdout}${ran.stderr}`).toBe(0);
      return ran.stdout;
    };
    run("hookwright", "init", "--yes", "--template", template);
    run("npm", "run", "generate");
    run("node", "../node_modules/typescript/bin/tsc", "-p", ".");
    const told: unknown = JSON.parse(run("node", "dist/post.js").trim().split("\n").at(-1) ?? "");
    expect(told).toEqual({ statuses: [201, 500], orders: 1, events: 1 });
    expect(existsSync(join(app.folder, "data/shop.db"))).toBe(true);
  });
}
