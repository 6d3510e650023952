import { performance } from "node:perf_hooks";
import { describe, expect, test } from "vitest";
import { openTcpReceiver } from "../outbound/tcp-receiver.ts";
import { act, allowing, ask, lastInvocation, listen, minting, openAnswers, openProject, tenant } from "./project.ts";

const timeoutMs = 200;
/** What a busy machine may add to the deadline. */
const graceMs = 250;

/** Asks a receiver below HTTP, and gives what came of it and how long that took. */
async function asked(answer: Parameters<typeof openTcpReceiver>[0], failMode: "open" | "closed" = "closed") {
  const app = await openProject();
  const { port } = await openTcpReceiver(answer);
  const { action } = await act(app, `http://127.0.0.1:${port}/`, { timeoutMs, failMode });
  const startedAt = performance.now();
  const outcome = await ask(app);
  return { outcome, tookMs: performance.now() - startedAt, invocation: await lastInvocation(app, action.id) };
}

const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

describe("one deadline over all of it (R-AUTHIO-13, D-AUTHIO-07)", () => {
  test.each<[string, Parameters<typeof openTcpReceiver>[0]]>([
    ["never answers", () => {}],
    ["sends headers and no body", (socket) => socket.write(`${head}Content-Length: 2\r\n\r\n`)],
    [
      "sends one byte at a time",
      (socket) => {
        socket.write(`${head}Content-Length: 1000\r\n\r\n`);
        const timer = setInterval(() => socket.write(" "), 10);
        socket.once("close", () => clearInterval(timer));
      },
    ],
    [
      "sends one informational response after the other",
      (socket) => {
        const timer = setInterval(() => socket.write("HTTP/1.1 103 Early Hints\r\n\r\n"), 10);
        socket.once("close", () => clearInterval(timer));
      },
    ],
  ])("holds when a receiver %s", async (_name, answer) => {
    const { outcome, tookMs, invocation } = await asked(answer);
    expect(outcome).toMatchObject({ status: "timeout", decision: "deny", httpStatus: null });
    expect(invocation).toMatchObject({ status: "timeout", error: expect.stringContaining("deadline of 200 ms") });
    expect(tookMs).toBeLessThan(timeoutMs + graceMs);
  });

  test("and nothing is asked a second time (D-AUTHIO-07)", async () => {
    let count = 0;
    const { outcome } = await asked((socket) => {
      count += 1;
      socket.destroy();
    }, "open");
    expect([outcome.status, outcome.decision, count]).toEqual(["network_error", "allow", 1]);
  });
});

describe("a receiver that lies", () => {
  test("about the length of its answer gives no verdict", async () => {
    const { outcome } = await asked((socket) => socket.end(`${head}Content-Length: 100\r\n\r\n{"decision":"allow"}`));
    expect(outcome).toMatchObject({ status: "network_error", decision: "deny" });
  });

  test("without end is cut off after 64 KiB (D-AUTHIO-08)", async () => {
    let sentBytes = 0;
    const { outcome, tookMs } = await asked((socket) => {
      socket.write(`${head}\r\n`);
      const chunk = "x".repeat(16 * 1024);
      const timer = setInterval(() => {
        sentBytes += chunk.length;
        socket.write(chunk);
      }, 1);
      socket.once("close", () => clearInterval(timer));
    });
    expect(outcome).toMatchObject({ status: "invalid_response", decision: "deny" });
    expect(outcome.error).toBe("expected at most 65536 bytes, got more");
    expect(tookMs).toBeLessThan(timeoutMs + graceMs);
    expect(sentBytes).toBeLessThan(10 * 1024 * 1024);
  });

  test("in compressed form gives no verdict", async () => {
    const { outcome } = await asked((socket) =>
      socket.end(`${head}Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00`),
    );
    expect(outcome.status).toBe("invalid_response");
  });
});

describe("a receiver that cannot be reached", () => {
  test("is network_error when nobody listens (R-AUTHIO-08)", async () => {
    const app = await openProject();
    const { port } = await openTcpReceiver(() => {});
    const { action } = await act(app, `http://127.0.0.1:${port}/`, { failMode: "closed" });
    const other = await openTcpReceiver(() => {});
    expect(other.port).not.toBe(port);
    await app.actions.update({ tenant, id: action.id }, { url: `http://127.0.0.1:1025/` }, { actorId: "operator" });
    expect(await ask(app)).toMatchObject({ status: "network_error", decision: "deny", httpStatus: null });
  });

  test("is ssrf_blocked at an address inside the network, which the row does not tell (R-AUTHIO-11)", async () => {
    const app = await openProject();
    const { url } = await openAnswers(allowing);
    const { action } = await act(app, url, { failMode: "closed" });
    // Written past the check of URLs, as a name would be that changes where it leads.
    await app.store.database.updateTable("hookwright_actions").set({ url: "http://127.0.0.1:80/" }).execute();
    await app.actions.update({ tenant, id: action.id }, { enabled: true }, { actorId: "operator" });
    expect(await ask(app)).toMatchObject({ status: "ssrf_blocked", decision: "deny", durationMs: expect.any(Number) });
    expect((await lastInvocation(app, action.id)).error).toBe("the URL leads to an address that is not public");
  });

  test("is ssrf_blocked at a domain of the sender's own, which no URL may name (R-AUTHIO-11)", async () => {
    const app = await openProject();
    for (const host of ["authio.com", "api.authio.com"]) {
      await expect(act(app, `https://${host}/`)).rejects.toMatchObject({ code: "invalid_url" });
    }
    const { url } = await openAnswers(allowing);
    const { action } = await act(app, url);
    await app.store.database.updateTable("hookwright_actions").set({ url: "https://x.authio.com./" }).execute();
    await app.actions.update({ tenant, id: action.id }, { enabled: true }, { actorId: "operator" });
    expect(await ask(app)).toMatchObject({ status: "ssrf_blocked" });
  });
});

test("a slow receiver holds up no other question", async () => {
  const app = await openProject();
  const hanging = await listen(() => {});
  const quick = await openAnswers(allowing);
  await act(app, hanging, { timeoutMs });
  await app.actions.create(
    { tenant: "proj_2", contract: "authio", trigger: "pre_token_mint", url: quick.url },
    { actorId: "operator" },
  );
  const order: string[] = [];
  const slow = ask(app).then(() => order.push("slow"));

  const other = app
    .ask("authio", "pre_token_mint", { tenant: "proj_2", data: minting })
    .then(() => order.push("quick"));
  await Promise.all([slow, other]);
  expect(order).toEqual(["quick", "slow"]);
});
