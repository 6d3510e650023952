import { describe } from "vitest";
import { describeActions } from "./runtime/store/suite/actions.ts";
import { describeApiKeys } from "./runtime/store/suite/api-keys.ts";
import { describeAppend } from "./runtime/store/suite/append.ts";
import { describeBacklog } from "./runtime/store/suite/backlog.ts";
import { describeDeliveries } from "./runtime/store/suite/deliveries.ts";
import { describeDeliveryLog } from "./runtime/store/suite/delivery-log.ts";
import { describeDue } from "./runtime/store/suite/due.ts";
import { describeNeeds } from "./runtime/store/suite/needs.ts";
import { describeEndpoints } from "./runtime/store/suite/endpoints.ts";
import { describeFeeds } from "./runtime/store/suite/feeds.ts";
import type { OpenHarness } from "./runtime/store/suite/harness.ts";
import { describeReading } from "./runtime/store/suite/reading.ts";
import { describeRedeliveries } from "./runtime/store/suite/redeliveries.ts";
import { describeReseal } from "./runtime/store/suite/reseal.ts";
import { describeRetention } from "./runtime/store/suite/retention.ts";
import { describeSettle } from "./runtime/store/suite/settle.ts";
import { describeStreams } from "./runtime/store/suite/streams.ts";

/** What every implementation of the store's seam has to do. A database passes with one call of this. */
export function describeStore(name: string, open: OpenHarness): void {
  describe(`store on ${name}`, () => {
    describeAppend(open);
    describeReading(open);
    describeFeeds(open);
    describeSettle(open);
    describeDue(open);
    describeNeeds(open);
    describeBacklog(open);
    describeEndpoints(open);
    describeDeliveries(open);
    describeDeliveryLog(open);
    describeRedeliveries(open);
    describeRetention(open);
    describeApiKeys(open);
    describeReseal(open);
    describeStreams(open);
    describeActions(open);
  });
}
