import { existsSync } from "node:fs";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";

const executables = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Null: there is none on this machine. */
export const findBrowser = (): string | null =>
  process.env["HOOKWRIGHT_TEST_BROWSER"] ?? executables.find((path) => existsSync(path)) ?? null;

export async function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error("There is no Chromium on this machine; apt-get install chromium.");
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}

/** A page that notes all that a page should not do. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors, violations of the policy, failed scripts, and requests to elsewhere. */
  readonly troubles: readonly string[];
  /** Every request's address and its Referer. */
  readonly requests: readonly { readonly url: string; readonly referer: string }[];
}

export async function openPage(
  browser: Browser,
  address: string,
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  const troubles: string[] = [];
  const requests: { url: string; referer: string }[] = [];
  page.on(
    "console",
    (message) => message.type() === "error" && troubles.push(`${message.text()} ${message.location().url}`),
  );
  page.on("pageerror", (error) => troubles.push(`${error.name}: ${error.message}`));
  page.on("request", (request) => {
    requests.push({ url: request.url(), referer: request.headers()["referer"] ?? "" });
    if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url()))
      troubles.push(`elsewhere: ${request.url()}`);
  });
  page.setDefaultTimeout(15_000);
  return { page, context, troubles, requests };
}

/** Opens a face of the dashboard as somebody who has a key: in the fragment, as a product gives it. */
export async function signedIn(page: Page, address: string, key: string): Promise<void> {
  await page.goto(`${address}#token=${key}`);
  await page.locator("nav").first().waitFor();
}
