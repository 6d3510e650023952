import { describe, expect, test } from "vitest";
import { commentLines } from "../../generator/go/comment.ts";
import { go } from "../../generator/go/go.ts";
import { goName, packageName, valueName } from "../../generator/go/names.ts";
import type { Shape } from "../../generator/model.ts";
import { modesCatalog, recordsContract } from "./mode-contracts.ts";
import { doc, field, text } from "./small-catalog.ts";

test.each(go.emit(modesCatalog))("$path is as it was", async ({ path, text: written }) => {
  await expect(written).toMatchFileSnapshot(`../golden/go/${path}.txt`);
});

describe("names", () => {
  test.each([
    ["agent_run.completed", "AgentRunCompleted"],
    ["scim.user_added", "SCIMUserAdded"],
    ["organizationMembershipRequest.rejected", "OrganizationMembershipRequestRejected"],
    ["deployedByUserId", "DeployedByUserID"],
    ["ScimUserAddedData", "SCIMUserAddedData"],
    ["machineUrl", "MachineURL"],
    ["email_address_ids", "EmailAddressIDs"],
    ["OauthApplication", "OAuthApplication"],
    ["_id", "ID"],
    ["last4", "Last4"],
    ["x-key", "XKey"],
    ["2fa", "N2Fa"],
  ])("%s is %s", (wire, name) => {
    expect(goName(wire)).toBe(name);
  });

  test.each([
    ["active", "Active"],
    ["ALLOW", "Allow"],
    ["GET", "GET"],
    ["RS256", "RS256"],
    ["EMAIL_OTP_SENT", "EmailOTPSent"],
    ["org:member", "OrgMember"],
    ["", "Empty"],
    ["80", "80"],
    ["-1", "Minus1"],
  ])("the value %j is called %s", (value, name) => {
    expect(valueName(value)).toBe(name);
  });

  test("a package has neither capitals nor dashes", () => {
    expect(packageName("authn-Svix")).toBe("authnsvix");
  });
});

test("a name that no struct tag can hold is read, and has no tag", () => {
  const contract = recordsContract();
  const meter: Shape = { kind: "object", name: "Meter", doc: null, fields: [field("a,b", text())] };
  const files = go.emit({ contracts: [{ ...contract, shapes: [...contract.shapes, meter] }] });
  const textOf = (name: string) => files.find((file) => file.path.endsWith(name))?.text;
  expect(textOf("/shapes.go")).toContain('AB string `json:"-"`');
});

test("a comment is in gofmt's form", () => {
  const details = "One\nparagraph.\n\n- first\n- second\n\n```json\n{}\n```\n# Heading";
  expect(commentLines({ ...doc("Summary.", details), deprecated: "Use another." })).toEqual([
    "// Summary.",
    "//",
    "// One paragraph.",
    "//",
    "//   - first",
    "//   - second",
    "//",
    "// Example:",
    "//",
    "//\t{}",
    "//",
    "// # Heading",
    "//",
    "// Deprecated: Use another.",
  ]);
});
