import { expect, test } from "vitest";
import { createInvocationLog, type Entry } from "../../../runtime/asking/invocation-log.ts";
import { createFakeClock } from "../../fake-clock.ts";

const entry: Entry = {
  invocation: {
    id: "inv_1",
    actionId: "act_1",
    trigger: "pre_register",
    status: "success",
    durationMs: 1,
    httpStatus: 200,
    error: null,
    responseSha256: null,
    isOverride: false,
    denyCode: null,
    denyReason: null,
    isTest: false,
    createdAt: 0,
  },
  keepMax: 10,
  facts: [],
};

/** A store whose first write ends when it is told to, as a database does that is slow to say that it is gone. */
function openLog() {
  const clock = createFakeClock(0);
  const first = Promise.withResolvers<never>();
  let writeCount = 0;
  const record = () => {
    writeCount += 1;
    return writeCount === 1 ? first.promise : Promise.reject(new Error("The database is gone."));
  };
  const log = { warn: () => {}, error: () => {} };
  const invocations = createInvocationLog({ store: { record }, clock, wake: () => {}, log });
  return { clock, invocations, first, writeCount: () => writeCount };
}

test("once it is closed, a write that fails is not tried again", async () => {
  const { clock, invocations, first, writeCount } = openLog();
  invocations.add(entry);
  clock.moveTo(200);
  const closed = invocations.close();
  first.reject(new Error("The database is gone."));
  await expect(closed).rejects.toThrow("The database is gone.");
  expect([clock.timerCount(), writeCount()]).toEqual([0, 2]);
});

test("until it is closed, a write that fails is tried again", async () => {
  const { clock, invocations, first } = openLog();
  invocations.add(entry);
  clock.moveTo(200);
  first.reject(new Error("The database is gone."));
  await new Promise((resolve) => setImmediate(resolve));
  expect(clock.timerCount()).toBe(1);
});
