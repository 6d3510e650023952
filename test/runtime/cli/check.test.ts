import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const command = join(import.meta.dirname, "../../../runtime/cli/hookwright.ts");
let repository: string;
/** The project is a folder of its repository. */
let root: string;

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), "hookwright-check-"));
  root = join(repository, "services/webhooks");
  mkdirSync(root, { recursive: true });
  cpSync("catalog", join(root, "catalog"), { recursive: true });
});
afterEach(() => rmSync(repository, { recursive: true }));

function commit(): void {
  const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: repository });
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("-c", "user.name=Robin", "-c", "user.email=robin@acme.example", "commit", "-qm", "The catalog");
}

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args, "--root", root], {
    encoding: "utf8",
    cwd: tmpdir(),
  });
  return { status, stdout, stderr };
}

/** Takes a required field out of an event type's data, and out of its examples. */
function removeField(): void {
  edit("catalog/stech/deployment.ts", (text) => text.replace(/ +machineUrl: Url;\n/, ""));
  edit("catalog/stech/examples.ts", (text) => text.replaceAll(/ +machineUrl: .*\n/g, ""));
}

function edit(path: string, change: (text: string) => string): void {
  const file = join(root, path);
  writeFileSync(file, change(readFileSync(file, "utf8")));
}

const approval = {
  rule: "required-field-removed",
  path: "stech/deployment.created.data.machineUrl",
  reason: "Agreed.",
};

function approve(until: string): void {
  writeFileSync(join(root, "catalog/approvals.json"), JSON.stringify([{ ...approval, until }]));
}

describe("check against a git ref", () => {
  test("passes without a change, and fails with rule, both places and remedy when a change breaks receivers", () => {
    commit();
    expect(run("check", "--against", "main")).toMatchObject({ status: 0 });
    removeField();
    const { status, stdout } = run("check", "--against", "HEAD");
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^error\[required-field-removed\] catalog\/stech\/deployment\.ts:\d+:\d+ {2}stech\/deployment\.created\.data\.machineUrl: /,
    );
    expect(stdout).toContain("| machineUrl: Url;\n  remedy: keep sending it, and deprecate it");
    expect(stdout).toMatch(/Compared with HEAD: 1 error, 0 warning, \d+ info\.\n$/);
  });

  test("an approval silences a finding until its day, and is reported after it", () => {
    commit();
    removeField();
    approve("2999-12-31");
    const approved = run("check", "--against", "HEAD");
    expect(approved).toMatchObject({ status: 0, stdout: expect.stringContaining("1 approved") });
    approve("2020-01-01");
    const expired = run("check", "--against", "HEAD", "--format", "json");
    expect(expired.status).toBe(1);
    expect(JSON.parse(expired.stdout)).toMatchObject({
      ok: false,
      against: "HEAD",
      findings: [{ rule: approval.rule, path: approval.path }, {}],
      expired: [{ until: "2020-01-01" }],
    });
  });

  test("a ref that there is not, or one that is an option, is status 2", () => {
    commit();
    for (const ref of ["nowhere", "--output=/tmp/x"]) {
      const { status, stderr } = run("check", `--against=${ref}`);
      expect([status, stderr]).toEqual([2, expect.stringContaining(`There is no git ref or file "${ref}"`)]);
    }
  });

  test("a ref without the catalog is status 2, and says which file is missing", () => {
    commit();
    const { status, stderr } = run("check", "--against", "HEAD", "--index", "catalog/hookwright/contract.ts");
    expect([status, stderr]).toEqual([2, expect.stringContaining("HW003")]);
    execFileSync("git", ["mv", "services", "moved"], { cwd: repository });
    root = join(repository, "moved/webhooks");
    const moved = run("check", "--against", "HEAD");
    expect([moved.status, moved.stderr]).toEqual([
      2,
      expect.stringContaining("catalog/index.ts cannot be read: it is not at"),
    ]);
  });

  test("a folder that is in no repository is status 2", () => {
    const { status, stderr } = run("check", "--against", "main");
    expect([status, stderr]).toEqual([2, expect.stringContaining("is in no git repository")]);
  });
});

describe("check against a baseline", () => {
  test("compares with the one beside the catalog, unless told otherwise", () => {
    removeField();
    expect(run("check")).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("catalog/baseline.json: 1 error"),
    });
    expect(run("baseline")).toMatchObject({ status: 0 });
    expect(run("check")).toMatchObject({ status: 0 });
  });

  test("with a lower threshold fails for less", () => {
    edit("catalog/stech/contract.ts", (text) => text.replace("Stech-Webhooks/1.0", "Stech-Webhooks/1.1"));
    expect(run("check")).toMatchObject({ status: 0 });
    expect(run("check", "--threshold", "info")).toMatchObject({ status: 1 });
  });

  test.each([
    ["github", "::error file=catalog/stech/deployment.ts,line="],
    ["markdown", "| error | `required-field-removed` |"],
  ])("prints for %s", (format, text) => {
    edit("catalog/stech/deployment.ts", (source) => source.replace("machineUrl: Url;", "machineUrl: Int;"));
    edit("catalog/stech/deployment.ts", (source) => source.replace("{ Id, Url }", "{ Id, Int, Url }"));
    edit("catalog/stech/examples.ts", (source) => source.replaceAll(/machineUrl: .*/g, "machineUrl: 1,"));
    const { status, stdout } = run("check", "--format", format);
    expect(status).toBe(1);
    expect(stdout).toContain(text.replace("required-field-removed", "type-changed"));
  });

  test("a catalog, a baseline or approvals that cannot be read are status 2, as is a wrong option", () => {
    expect(run("check", "--against", "gone.json")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("There is no file gone.json"),
    });
    expect(run("check", "--format", "yaml")).toMatchObject({ status: 2 });
    writeFileSync(join(root, "catalog/approvals.json"), "{}");
    expect(run("check")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("catalog/approvals.json: expected a list"),
    });
    edit("catalog/stech/deployment.ts", (text) => text.replace("agentName: string;", "agentName: Date;"));
    expect(run("check")).toMatchObject({ status: 2, stderr: expect.stringContaining("error[HW021]") });
  });
});

test("diff prints the changelog entry, what is approved included", () => {
  removeField();
  approve("2999-12-31");
  const { status, stdout } = run("diff");
  expect(status).toBe(0);
  expect(stdout).toContain(
    "### Removed\n\n- **Breaking:** `stech/deployment.created.data.machineUrl`: it is not sent any more",
  );
});
