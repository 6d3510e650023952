import { requestHeaders } from "../../runtime/contracts/request-headers.ts";
import { signingKey } from "../../runtime/contracts/signature.ts";
import { createOutbound } from "../../runtime/outbound/outbound.ts";
import { allowTargets, contract, data, eventType } from "./setup.ts";

const inFlightMax = 256;

/** Signs and sends as many requests as the engine would, and keeps nothing of them: what a delivery can cost at the least. */
export async function sendWithoutDatabase(urls: readonly string[], count: number): Promise<void> {
  const outbound = createOutbound({ allowTargets });
  const targets = urls.map((url) => new URL(url));
  const key = signingKey(`whsec_${"a".repeat(64)}`, { signature: contract.signature, secretPrefix: "whsec_" });
  const body = JSON.stringify({ id: "x".repeat(36), type: eventType, createdAt: "", organizationId: "org_1", data });
  const nobody = { eventId: "", endpointId: "", authorization: null, deliveryId: "" };
  let next = 0;
  async function send(): Promise<void> {
    while (next < count) {
      const number = (next += 1);
      const identity = { ...nobody, eventType, attemptId: `dla_${number}`, attemptNumber: 1, body, now: Date.now() };
      const url = targets[number % targets.length];
      if (url === undefined) return;
      const headers = requestHeaders(contract, identity, [key]);
      await outbound.send({ url, headers, body, timeoutMs: 30_000, responseBodyBytesMax: 8192 });
    }
  }
  await Promise.all(Array.from({ length: inFlightMax }, send));
  await outbound.close();
}
