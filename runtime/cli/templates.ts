/** A handler of each framework that emits inside a transaction, for `hookwright init --template`. */

export const templateNames = ["express", "fastify", "hono", "next", "nest"] as const;
export type TemplateName = (typeof templateNames)[number];

/** What a template writes, by path. */
interface Template {
  readonly files: Readonly<Record<string, string>>;
}

const hooks = `import { openHookwright, type Hookwright } from "hookwright";
import { sql } from "kysely";
import { catalog, type Emitters } from "../runtime/generated/catalog.ts";

async function open() {
  const hooks = await openHookwright({ database: process.env["DATABASE_PATH"] ?? "./data/shop.db", catalog });
  await sql\`create table if not exists orders (id text primary key, amount integer not null)\`.execute(hooks.store.database);
  return hooks;
}

let opened: Promise<Hookwright<Emitters>> | null = null;

/** One for the process, opened when it is first needed. Close it after the server: \`await (await hookwright()).close()\`. */
export function hookwright(): Promise<Hookwright<Emitters>> {
  return (opened ??= open());
}

/** The order and its event are written together, or neither is. */
export async function placeOrder(order: { readonly id: string; readonly amount: number }): Promise<string> {
  const hooks = await hookwright();
  return hooks.store.database.transaction().execute(async (tx) => {
    await sql\`insert into orders (id, amount) values (\${order.id}, \${order.amount})\`.execute(tx);
    const event = await hooks.shop.emit("order.placed", {
      tenant: "shop_1",
      data: { orderId: order.id, total: { amount: order.amount, currency: "EUR" }, note: null },
      tx,
    });
    return event.id;
  });
}
`;

const express = `import express from "express";
import { placeOrder } from "./hooks.ts";

export const app = express();
app.use(express.json());

app.post("/orders", async (request, response) => {
  response.status(201).json({ event: await placeOrder(request.body) });
});
`;

const fastify = `import { fastify } from "fastify";
import { placeOrder } from "./hooks.ts";

export const app = fastify();

app.post<{ Body: { id: string; amount: number } }>("/orders", async (request, reply) => {
  return reply.code(201).send({ event: await placeOrder(request.body) });
});
`;

const hono = `import { Hono } from "hono";
import { placeOrder } from "./hooks.ts";

export const app = new Hono();

app.post("/orders", async (context) => {
  return context.json({ event: await placeOrder(await context.req.json()) }, 201);
});
`;

const next = `import { placeOrder } from "../../src/hooks.ts";

/** The engine delivers for as long as the process lives, so the route runs on Node and not at the edge. */
export const runtime = "nodejs";

export async function POST(request: Request): Promise<Response> {
  return Response.json({ event: await placeOrder(await request.json()) }, { status: 201 });
}
`;

const nest = `import { Body, Controller, Post } from "@nestjs/common";
import { placeOrder } from "./hooks.ts";

interface NewOrder {
  id: string;
  amount: number;
}

/** Name it among the controllers of a module. */
@Controller("orders")
export class OrdersController {
  @Post()
  async create(@Body() order: NewOrder): Promise<{ event: string }> {
    return { event: await placeOrder(order) };
  }
}
`;

export const templates: Readonly<Record<TemplateName, Template>> = {
  express: { files: { "src/hooks.ts": hooks, "src/orders.ts": express } },
  fastify: { files: { "src/hooks.ts": hooks, "src/orders.ts": fastify } },
  hono: { files: { "src/hooks.ts": hooks, "src/orders.ts": hono } },
  next: { files: { "src/hooks.ts": hooks, "app/orders/route.ts": next } },
  nest: { files: { "src/hooks.ts": hooks, "src/orders.controller.ts": nest } },
};
