import { describe } from "vitest";
import { describeActions } from "./runtime/store/suite/actions.ts";
import { describeApiKeys } from "./runtime/store/suite/api-keys.ts";
import { describeAppend } from "./runtime/store/suite/append.ts";
import { describeBacklog } from "./runtime/store/suite/backlog.ts";
import { describeCounts } from "./runtime/store/suite/counts.ts";
import { describeBytes } from "./runtime/store/suite/bytes.ts";
import { describeDeliveries } from "./runtime/store/suite/deliveries.ts";
import { describeDeliveryLog } from "./runtime/store/suite/delivery-log.ts";
import { describeDue } from "./runtime/store/suite/due.ts";
import { describeMissed } from "./runtime/store/suite/missed.ts";
import { describeNeeds } from "./runtime/store/suite/needs.ts";
import { describeEndpoints } from "./runtime/store/suite/endpoints.ts";
import { describeErasing } from "./runtime/store/suite/erasing.ts";
import { describeFacts } from "./runtime/store/suite/facts.ts";
import { describeFeeds } from "./runtime/store/suite/feeds.ts";
import type { OpenHarness } from "./runtime/store/suite/harness.ts";
import { describeProcesses } from "./runtime/store/suite/processes.ts";
import { describeReading } from "./runtime/store/suite/reading.ts";
import { describeRedeliveries } from "./runtime/store/suite/redeliveries.ts";
import { describeReseal } from "./runtime/store/suite/reseal.ts";
import { describeRetention } from "./runtime/store/suite/retention.ts";
import { describeSettle } from "./runtime/store/suite/settle.ts";
import { describeSubscribers } from "./runtime/store/suite/subscribers.ts";
import { describeStreams } from "./runtime/store/suite/streams.ts";

/** What every implementation of the store's seam has to do. A database passes with one call of this. */
export function describeStore(name: string, open: OpenHarness): void {
  describe(`store on ${name}`, () => {
    describeAppend(open);
    describeReading(open);
    describeFacts(open);
    describeFeeds(open);
    describeBytes(open);
    describeSettle(open);
    describeDue(open);
    describeNeeds(open);
    describeBacklog(open);
    describeCounts(open);
    describeEndpoints(open);
    describeSubscribers(open);
    describeDeliveries(open);
    describeDeliveryLog(open);
    describeRedeliveries(open);
    describeMissed(open);
    describeRetention(open);
    describeErasing(open);
    describeApiKeys(open);
    describeReseal(open);
    describeStreams(open);
    describeActions(open);
    describeProcesses(open);
  });
}
