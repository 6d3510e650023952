import { describe, expect, test } from "vitest";
import { commentLines } from "../../generator/go/comment.ts";
import { go } from "../../generator/go/go.ts";
import { goName, packageName, valueName } from "../../generator/go/names.ts";
import type { ContractModel, Shape } from "../../generator/model.ts";
import { gateContract, modesCatalog, recordsContract } from "./mode-contracts.ts";
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

  test.each<[string | number, string]>([
    ["active", "Active"],
    ["ALLOW", "Allow"],
    ["GET", "GET"],
    ["RS256", "RS256"],
    ["EMAIL_OTP_SENT", "EmailOTPSent"],
    ["org:member", "OrgMember"],
    ["", "Empty"],
    [80, "80"],
    [-1, "Minus1"],
  ])("the value %j is called %s", (value, name) => {
    expect(valueName(value)).toBe(name);
  });

  test("a package has neither capitals nor dashes", () => {
    expect(packageName("authn-Svix")).toBe("authnsvix");
  });
});

describe("two things with one name are refused, and both are named", () => {
  const withShapes = (shapes: readonly Shape[]): ContractModel => {
    const contract = recordsContract();
    return { ...contract, shapes: [...contract.shapes, ...shapes] };
  };
  const object = (name: string, ...names: readonly string[]): Shape => ({
    kind: "object",
    name,
    doc: null,
    fields: names.map((each) => field(each, text())),
  });
  const state: Shape = {
    kind: "object",
    name: "Meter",
    doc: null,
    fields: [field("state", { kind: "enum", values: ["on-hold", "on_hold"], open: true })],
  };
  const gate = gateContract();

  test.each<[string, ContractModel, RegExp]>([
    ["fields", withShapes([object("Meter", "userId", "user_id")]), /UserID: the field userId and the field user_id/],
    ["shapes", withShapes([object("ScimUser", "a"), object("SCIMUser", "a")]), /SCIMUser: the shape ScimUser and/],
    [
      "an event and a shape",
      withShapes([object("ReadingTaken", "a")]),
      /ReadingTaken and the event type reading.taken/,
    ],
    ["the SDK and a shape", withShapes([object("Webhook", "a")]), /a name of the SDK itself and the shape Webhook/],
    ["values", withShapes([state]), /MeterStateOnHold: the value "on-hold" .* and the value "on_hold"/],
    [
      "the envelope and data that stands in it",
      {
        ...gate,
        shapes: gate.shapes.map((shape) => (shape.name === "Passage" ? object("Passage", "actionID") : shape)),
      },
      /ActionID: the envelope's field action_id and the field actionID of Passage/,
    ],
    [
      "a method of events and data that stands in the envelope",
      { ...gate, shapes: gate.shapes.map((shape) => (shape.name === "Passage" ? object("Passage", "deny") : shape)) },
      /Deny: a name of the SDK itself and the field deny of Passage/,
    ],
  ])("%s", (_what, contract, message) => {
    expect(() => go.emit({ contracts: [contract] })).toThrow(message);
  });

  test("a name that no struct tag can hold is refused", () => {
    const contract = withShapes([object("Meter", "a,b")]);
    expect(() => go.emit({ contracts: [contract] })).toThrow("Meter.a,b cannot be named in a struct tag");
  });
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
    "//\t{}",
    "//",
    "// Heading",
    "//",
    "// Deprecated: Use another.",
  ]);
});
