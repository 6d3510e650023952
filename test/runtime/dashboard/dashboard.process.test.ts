import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, sharedServer } from "../../postgres/cluster.ts";
import { missingPostgres } from "../../postgres/describe-postgres.ts";
import { temporaryFolder } from "../store/temporary-store.ts";
import { findBrowser, openBrowser, openPage, signedIn } from "./browser.ts";
import { hostileName, openStage, operatorKey, type Stage } from "./stage.ts";

const axeSource = readFileSync(join(import.meta.dirname, "../../../node_modules/axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe finds that is serious or critical. Run as the debugger runs it: the page's own policy allows no such script. */
async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate<readonly Violation[]>("axe.run(document).then((all) => all.violations)");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${new URL(page.url()).pathname} ${id} ${nodes[0]?.html}`);
}

/** Tests in a browser: skipped with the reason where there is none, or failed where a skip is refused. */
function describeBrowser(name: string, missing: string | null, define: () => void): void {
  const reason = findBrowser() === null ? "no Chromium on this machine" : missing;
  if (reason === null) describe(name, define);
  else if (process.env["HOOKWRIGHT_TEST_SKIP"] === "refuse")
    test(name, () => Promise.reject(new Error(`A skip is refused: ${reason}.`)));
  else test.skip(`${name}: ${reason}`, () => {});
}

let browser: Browser;
beforeAll(async () => {
  if (findBrowser() !== null) browser = await openBrowser();
});
afterAll(() => browser?.close());

async function onSqlite() {
  const folder = await temporaryFolder();
  return { url: join(folder.path, "hookwright.db"), drop: folder.dispose };
}

const databases = [
  ["SQLite", null, onSqlite],
  ["PostgreSQL", missingPostgres("any"), async () => createDatabase(await sharedServer())],
] as const;

for (const [name, missing, create] of databases) {
  describeBrowser(`the dashboard on ${name}`, missing, () => {
    let stage: Stage;
    let database: Awaited<ReturnType<typeof create>>;
    beforeAll(async () => {
      database = await create();
      stage = await openStage(database.url);
    }, 60_000);
    afterAll(async () => {
      await stage.close();
      await database.drop();
    });

    test("finds a failed delivery, says what happened to it and why, and delivers it again", async () => {
      const { page, context, troubles } = await openPage(browser, stage.address);
      await page.goto(`${stage.address}/ui`);
      await page.getByLabel("Key").fill(operatorKey);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByLabel("Tenant").fill("acme");
      await page.getByRole("button", { name: "Open" }).click();
      await page.getByRole("link", { name: "Deliveries", exact: true }).click();
      await page.getByLabel("State").selectOption("failed");
      await expect.poll(() => page.url()).toContain("state=failed");
      const rows = page.locator("tbody tr");
      await expect
        .poll(() => rows.allInnerTexts())
        .toSatisfy((all: string[]) => all.length > 0 && all.every((each) => each.includes("404")));
      await rows.first().getByRole("link").first().click();
      await page.getByText("Given up or refused").waitFor();
      await page.getByText("Response body").click();
      await page.getByText("no such path", { exact: true }).waitFor();
      await page.locator(".facts a").nth(1).click();
      await page.getByText("its filter did not let the event pass").waitFor();
      await page.goBack();
      await page.getByRole("button", { name: "Redeliver" }).click();
      await page.getByRole("heading", { name: "Redeliver 1 delivery?" }).waitFor();
      const before = page.url();
      await page.getByRole("dialog").getByRole("button", { name: "Redeliver" }).click();
      await expect.poll(() => page.url()).not.toBe(before);
      expect(troubles).toEqual([]);
      await context.close();
    });

    test("lists, searches and filters; an address with its filters shows the same to a colleague", async () => {
      const { page, context, troubles } = await openPage(browser, stage.address);
      await signedIn(page, `${stage.address}/ui/orgs/acme/deliveries?text=agent-7%22&state=delivered`, operatorKey);
      await expect.poll(() => page.locator("tbody tr").count()).toBe(1);
      await page.getByLabel("Text in the payload").fill("nothing has this");
      await page.getByText("No delivery passes these filters.").waitFor();
      await signedIn(page, `${stage.address}/ui/endpoints?condition=paused`, operatorKey);
      await expect
        .poll(() => page.locator("tbody tr").allInnerTexts())
        .toMatchObject([expect.stringContaining("Data warehouse")]);
      await signedIn(page, `${stage.address}/ui/`, operatorKey);
      await page.getByRole("link", { name: "51", exact: true }).or(page.locator(".figures a").nth(2)).first().waitFor();
      await page.locator(".uplot canvas").waitFor();
      expect(troubles).toEqual([]);
      await context.close();
    });

    if (name === "SQLite") describeScreens(() => stage);
  });
}

/** What does not depend on the database. */
function describeScreens(stage: () => Stage): void {
  const failedOne = async () => {
    const { deliveries } = await stage().call("GET", "/v1/orgs/acme/deliveries?state=failed&limit=1");
    return deliveries[0] ?? expect.unreachable();
  };

  test(
    "has nothing serious for axe on any screen in either theme, and breaks none of its policy",
    { timeout: 60_000 },
    async () => {
      const { id, endpointId, eventId } = await failedOne();
      const inTenant = ["", "/endpoints", "/endpoints/new", `/endpoints/${endpointId}`, "/deliveries"];
      const tabs = ["settings", "test", "recover", "history"].map((tab) => `/endpoints/${endpointId}?tab=${tab}`);
      const single = [`/deliveries/${endpointId}/${id}`, `/events/${eventId}`, "/event-types/stech/deployment.failed"];
      const others = ["/event-types", "/streams", "/actions", "/audit", "/keys", "/endpoints/unknown"];
      const paths = [
        "",
        "/endpoints",
        "/deliveries",
        ...[...inTenant, ...tabs, ...single, ...others].map((path) => `/orgs/acme${path}`),
      ];
      for (const colorScheme of ["light", "dark"] as const) {
        const { page, context, troubles } = await openPage(browser, stage().address, { colorScheme });
        await page.goto(`${stage().address}/ui`);
        await page.getByLabel("Key").waitFor();
        const found = [...(await seriousFindings(page))];
        await signedIn(page, `${stage().address}/ui`, operatorKey);
        for (const path of paths) {
          await page.goto(`${stage().address}/ui${path}`);
          await page.locator("main h1").first().waitFor();
          await expect.poll(() => page.locator(".loading").count()).toBe(0);
          found.push(...(await seriousFindings(page)));
        }
        expect(found).toEqual([]);
        // The one address that leads nowhere is told so by the API, and the browser notes that.
        expect(troubles.filter((each) => !each.endsWith("-endpoints/unknown"))).toEqual([]);
        await context.close();
      }
    },
  );

  test("adds an endpoint, shows its secret once, tries it, pauses and deletes it, each after it asked", async () => {
    const { page, context, troubles } = await openPage(browser, stage().address);
    await signedIn(page, `${stage().address}/ui/orgs/acme/endpoints/new`, operatorKey);
    await page.getByLabel("URL").fill("https://10.0.0.1/in");
    await page.getByLabel("Description").fill("Kept while it fails");
    await page.locator("form").getByRole("button", { name: "Add endpoint" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByLabel("Description").inputValue()).toBe("Kept while it fails");
    await page.getByLabel("Filter").fill('data.agentName = "agent-7"');
    await page.getByRole("button", { name: "Try it on stored events" }).click();
    await page.getByText(/^1 event passes of the newest \d+\.$/).waitFor();
    await page.getByLabel("URL").fill("https://hooks.example.com/in");
    await page.locator("form").getByRole("button", { name: "Add endpoint" }).click();
    await page.getByText("Shown this once").waitFor();
    expect(await page.getByRole("dialog").locator("pre").innerText()).toMatch(/^whsec_/);
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
    await page.getByText("No attempt has failed.").waitFor();
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Pause" }).click();
    await page.getByText("Events wait, and come when it is resumed.").waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByText("What waits for it (0) is dropped.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await expect.poll(() => page.url()).toMatch(/\/endpoints$/);
    expect(troubles.filter((each) => !/status of 400/.test(each))).toEqual([]);
    await context.close();
  });

  test("counts new rows on a bar, and moves nothing until it is asked to", async () => {
    const { page, context } = await openPage(browser, stage().address);
    await signedIn(page, `${stage().address}/ui/orgs/acme/deliveries`, operatorKey);
    const first = await page.locator("tbody tr").first().innerText();
    await stage().call("POST", "/v1/orgs/acme/events", {
      type: "deployment.created",
      data: {
        deploymentId: "dep_2",
        agentId: "dep_2",
        agentName: "new",
        machineUrl: "https://a.example",
        deployedByUserId: null,
      },
    });
    const bar = page.getByRole("button", { name: /new deliver/ });
    await bar.waitFor();
    expect(await page.locator("tbody tr").first().innerText()).toBe(first);
    await bar.click();
    await expect.poll(() => page.locator("tbody tr").first().innerText()).not.toBe(first);
    // A row that is shown changes where it stands: what was paused is delivered when it is resumed.
    const row = page.locator("tbody tr").filter({ hasText: "200/paused" }).first();
    await expect.poll(() => row.innerText()).toContain("Pending");
    const { endpoints } = await stage().call("GET", "/v1/endpoints?condition=paused");
    const path = `/v1/orgs/acme/webhook-endpoints/${endpoints[0]?.endpoint.id}`;
    await stage().call("PATCH", path, { paused: false });
    await expect.poll(() => row.innerText(), { timeout: 15_000 }).toContain("Delivered");
    await stage().call("PATCH", path, { paused: true });
    await context.close();
  });

  test("goes by the keyboard: past the sections, into a dialog, and back to where it was opened", async () => {
    const { endpointId } = await failedOne();
    const { page, context } = await openPage(browser, stage().address);
    await signedIn(page, `${stage().address}/ui/orgs/acme/endpoints/${endpointId}`, operatorKey);
    await page.getByRole("button", { name: "Delete" }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.tagName")).toBe("H1");
    const focused = () => page.evaluate("document.activeElement.textContent");
    for (let count = 0; count < 8 && (await focused()) !== "Delete"; count += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    expect(await page.evaluate("document.activeElement.closest('dialog') !== null")).toBe(true);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await focused()).toBe("Delete");
    await context.close();
  });

  test("shows a hostile payload as text, with what turns it around made visible", async () => {
    const { page, context, troubles } = await openPage(browser, stage().address);
    await signedIn(page, `${stage().address}/ui/orgs/acme/deliveries?text=onerror`, operatorKey);
    await page.locator("tbody tr a").first().click();
    const text = await page.locator(".payload pre").last().innerText();
    expect(text).toContain("<img src=x onerror=");
    expect(text).toContain("\\u202e");
    expect(text).not.toContain("\u202e");
    expect(hostileName).toContain("\u202e");
    await expect.poll(() => page.title()).toBe("deployment.created · Hookwright");
    expect(await page.locator(".payload img").count()).toBe(0);
    expect(troubles).toEqual([]);
    await context.close();
  });

  test("the portal shows its tenant alone, and nothing at another tenant's addresses", async () => {
    const { token } = await stage().call("POST", "/v1/orgs/acme/portal-tokens", { scope: "read" });
    const theirs = (await stage().call("GET", "/v1/orgs/globex/deliveries")).deliveries[0] ?? expect.unreachable();
    const { page, context, requests } = await openPage(browser, stage().address);
    await signedIn(page, `${stage().address}/portal`, token);
    await expect.poll(() => page.url()).toBe(`${stage().address}/portal/orgs/acme`);
    await page.getByText("Access ends in").waitFor();
    await page.getByRole("link", { name: "Endpoints", exact: true }).click();
    await page.getByText("On-call, production").waitFor();
    expect(await page.getByRole("link", { name: "Add endpoint" }).count()).toBe(0);
    expect(await page.getByRole("link", { name: "Audit" }).count()).toBe(0);
    const addresses = [
      `/portal/orgs/globex/endpoints/${theirs.endpointId}`,
      `/portal/orgs/acme/endpoints/${theirs.endpointId}`,
      `/portal/orgs/globex/deliveries`,
      `/portal/orgs/acme/deliveries/${theirs.endpointId}/${theirs.id}`,
      `/portal/orgs/acme/events/${theirs.eventId}`,
      `/portal/orgs/globex/events/${theirs.eventId}`,
      `/portal/orgs/globex`,
    ];
    for (const path of addresses) {
      await page.goto(`${stage().address}${path}`);
      await page.getByText("There is nothing at this address").first().waitFor();
      expect(await page.locator("body").innerText(), path).not.toMatch(/A secret of Globex|of globex alone/);
    }
    // Neither in an address, nor in a Referer, nor in the server's log.
    expect(page.url()).not.toContain(token);
    expect(requests.filter(({ url, referer }) => `${url.split("#")[0]} ${referer}`.includes(token))).toEqual([]);
    expect(stage().log()).not.toContain(token);
    expect(stage().log()).not.toContain(operatorKey);
    await context.close();
  });

  test("in a product's frame it says how tall it is and when it ends, and takes a theme and a new token", async () => {
    const body = { scope: "read", expiresInSeconds: 4 };
    const { token } = await stage().call("POST", "/v1/orgs/acme/portal-tokens", body);
    const { page, context } = await openPage(browser, stage().address);
    const violations: string[] = [];
    page.on("console", (message) => /Content Security|Refused/.test(message.text()) && violations.push(message.text()));
    await page.goto(`${stage().product}/portal#${encodeURIComponent(stage().address)}|${token}`);
    const frame = page.frameLocator("#hooks");
    await frame.getByRole("heading", { name: "Overview" }).waitFor();
    expect(await frame.getByRole("link", { name: "Hookwright" }).isVisible()).toBe(false);
    await expect.poll(async () => Number(await page.locator("#hooks").getAttribute("height"))).toBeGreaterThan(300);
    await page.evaluate("hooks.contentWindow.postMessage({ type: 'hookwright:theme', value: 'dark' }, '*')");
    await expect.poll(() => frame.locator("html").getAttribute("data-theme")).toBe("dark");
    await expect.poll(() => page.title(), { timeout: 10_000 }).toBe("expired");
    const renewed = await stage().call("POST", "/v1/orgs/acme/portal-tokens", { scope: "read" });
    await page.evaluate(
      `hooks.contentWindow.postMessage({ type: "hookwright:token", value: "${renewed.token}" }, "*")`,
    );
    await frame.getByRole("heading", { name: "Overview" }).waitFor();
    expect(violations).toEqual([]);
    await context.close();
  });

  test("speaks German, in the reader's zone and in UTC, and works on a small screen", async () => {
    const options = { locale: "de-DE", timezoneId: "Asia/Kolkata", viewport: { width: 360, height: 700 } };
    const { page, context, troubles } = await openPage(browser, stage().address, options);
    await signedIn(page, `${stage().address}/ui/orgs/acme/deliveries`, operatorKey);
    await page.getByRole("heading", { name: "Zustellungen" }).waitFor();
    const time = page.locator("tbody time").first();
    const [local, utc] = [await time.innerText(), (await time.getAttribute("datetime")) ?? ""];
    await page.getByLabel("Zeiten").selectOption("UTC");
    await expect.poll(() => time.innerText()).toContain(utc.slice(11, 19));
    expect(local).not.toContain(utc.slice(11, 19));
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await page.getByLabel("Zeitraum").selectOption("custom");
    await page.getByLabel("Von").fill("2026-01-01T05:30");
    // The same moment for every reader.
    await expect.poll(() => page.url()).toContain("from=2026-01-01T05%3A30%3A00.000Z");
    await page.getByLabel("Zeiten").selectOption("local");
    await page.reload();
    await expect.poll(() => page.getByLabel("Von").inputValue()).toBe("2026-01-01T11:00");
    await page.getByLabel("Sprache").selectOption("en");
    await page.getByRole("heading", { name: "Deliveries" }).waitFor();
    expect(troubles).toEqual([]);
    await context.close();
  });

  test("is told what is wrong by a page whose server is gone, and keeps what was shown", async () => {
    const { page, context } = await openPage(browser, stage().address);
    await signedIn(page, `${stage().address}/ui/orgs/acme/endpoints`, operatorKey);
    await page.getByText("On-call, production").waitFor();
    await context.setOffline(true);
    await page.getByRole("link", { name: "Deliveries", exact: true }).click();
    await page.getByText("The server did not answer.").waitFor();
    await context.setOffline(false);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator("tbody tr").first().waitFor();
    await context.close();
  });

  test("the first load is at most 60 kB, with a policy that allows nothing inline or from elsewhere", async () => {
    const answer = await fetch(`${stage().address}/ui/orgs/acme`);
    const html = await answer.text();
    const files = [...html.matchAll(/(?:src|href)="(\/ui\/assets\/[^"]+)"/g)].map(([, path]) => path ?? "");
    expect(files.length).toBeGreaterThan(1);
    let bytes = gzipSync(html).length;
    for (const path of files) {
      const file = await fetch(`${stage().address}${path}`);
      expect([file.status, file.headers.get("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
      bytes += gzipSync(Buffer.from(await file.arrayBuffer())).length;
    }
    expect(bytes).toBeLessThan(60 * 1024);
    expect(answer.headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
        `base-uri 'none'; form-action 'none'; frame-ancestors ${stage().product}`,
    );
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
  });
}
