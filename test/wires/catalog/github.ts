import { contract } from "../../../catalog/contract.ts";
import { githubWire } from "../../../catalog/vendor-presets.ts";
import type { Int } from "../../../catalog/vocabulary.ts";

interface Repository {
  id: Int;
  full_name: string;
}

export interface GithubEvents {
  /** Commits were pushed. */
  push: { ref: string; repository: Repository };
  /** Something became of an issue. */
  issues: { action: "opened" | "closed"; issue: { number: Int; title: string }; repository: Repository };
}

const repository = { id: 1296269, full_name: "octocat/Hello-World" };

export const github = contract<GithubEvents>({
  ...githubWire,
  id: "github",
  title: "Repository webhooks",
  doc: "What happens in repositories, on GitHub's wire.",
  tenant: { noun: "organization", example: "octocat" },
  userAgent: "GitHub-Hookshot/044aadd",
  examples: {
    push: { one: { ref: "refs/heads/main", repository } },
    issues: { opened: { action: "opened", issue: { number: 1347, title: "Größe, „100 %“" }, repository } },
  },
});
