import { format } from "prettier";
import type { RouteExample, RouteExamples } from "../../../runtime/http/route-examples.ts";

export interface DescribedRoute {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security: readonly object[];
  readonly method: string;
  readonly path: string;
}

interface Tag {
  readonly name: string;
  readonly description?: string;
}

const head = `<!-- Recorded from a running server by \`npm run api-reference\`; do not edit. -->

# HTTP API

Every route, with a request and what a server answered it. \`GET /openapi.json\` has the same as OpenAPI 3.1, with all
fields and all error answers. Set what the examples begin with, and put your own ids in place of theirs:

\`\`\`sh
API=http://127.0.0.1:8080   # npm start
KEY=…                       # the operator's key, printed at the first start
\`\`\`

Every POST takes an \`Idempotency-Key\`. What went wrong is said in one form, \`{ "error": { "code", "message", "remedy", "path", "requestId" } }\`.`;

/** The page of all routes, by their tags. */
export function apiPage(
  routes: readonly DescribedRoute[],
  tags: readonly Tag[],
  examples: RouteExamples,
): Promise<string> {
  const chapters = tags.flatMap(({ name, description = "" }) => {
    const own = routes.filter((route) => route.tags[0] === name);
    if (own.length === 0) return [];
    return [`## ${name}`, description, ...own.flatMap((route) => routeBlocks(route, examples[route.operationId]))];
  });
  return format([head, ...chapters].join("\n\n"), { parser: "markdown", printWidth: 120 });
}

function routeBlocks(
  { summary, description, method, path, security }: DescribedRoute,
  example: RouteExample | undefined,
): readonly string[] {
  if (example === undefined) return [];
  const { status, answer } = example;
  const lines = [
    `curl -sS ${method === "GET" ? "" : `-X ${method} `}"$API${example.path}"`,
    ...(security.length === 0 ? [] : [`-H "Authorization: Bearer $KEY"`]),
    ...(example.body === undefined ? [] : [`-H "Content-Type: application/json"`, `-d ${quoted(example.body)}`]),
  ];
  const told = typeof answer === "string" ? block("text", answer) : block("json", JSON.stringify(answer, null, 2));
  return [
    `### ${summary}`,
    `\`${method} ${path}\``,
    ...(description === undefined ? [] : [description]),
    block("sh", lines.join(" \\\n  ")),
    answer === null ? `Answers ${status}, without content.` : `Answers ${status}:`,
    ...(answer === null ? [] : [told]),
  ];
}

const block = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

/** For a shell: nothing within single quotes means anything but another one. */
function quoted(body: unknown): string {
  return `'${JSON.stringify(body, null, 2).replaceAll("'", "'\\''")}'`;
}
