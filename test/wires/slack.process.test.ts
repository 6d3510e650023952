/** What the engine sends on Slack's wire, verified by Slack's own library, which is in Python. */
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runIn } from "../sdks/programs.ts";
import { root } from "./catalog.ts";
import { openWires, type Wires } from "./place.ts";

let wires: Wires;
beforeAll(async () => void (wires = await openWires()), 60_000);
afterAll(() => wires.close());

const lacking = spawnSync("python3", ["-c", "import slack_sdk"]).status !== 0;
const isSkipped = lacking && process.env.HOOKWRIGHT_TEST_SKIP !== "refuse";

test.skipIf(isSkipped)("is a valid request to slack_sdk's SignatureVerifier, and not once it was changed", async () => {
  const data = { type: "app_mention", user: "U061F7AUR", text: "Größe?", channel: "C0LAN2Q65" };
  const { secret, ring, header } = await wires.deliver("slack", "app_mention", { tenant: "T061EG9R6", data });
  const program = `import json, sys
from slack_sdk.signature import Clock, SignatureVerifier
secret, body, timestamp, signature, now = json.loads(sys.argv[1])
class Stopped(Clock):
    def __init__(self, at): self.at = at
    def now(self): return self.at
tried = [(body, now), (body + " ", now), (body, now + 301)]
print(json.dumps([SignatureVerifier(secret, Stopped(at)).is_valid(one, timestamp, signature) for one, at in tried]))`;
  const given = [secret, ring.body, header("X-Slack-Request-Timestamp"), header("X-Slack-Signature"), wires.seconds()];
  const said = runIn(root, ["python3", "-c", program, JSON.stringify(given)]);
  expect(JSON.parse(said)).toEqual([true, false, false]);
});
