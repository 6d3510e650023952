import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { SignalWord } from "../../../runtime/seams/signals.ts";
import { createSignals } from "../../../runtime/store/signals.ts";
import { systemClock } from "../../../runtime/seams/clock.ts";
import { createDatabase, execute, sharedServer, type TestDatabase } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { createFakeClock } from "../../fake-clock.ts";

describePostgres("signals", () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await createDatabase(await sharedServer())));
  afterAll(() => database.drop());

  function open({ clock = systemClock } = {}) {
    const clients: pg.Client[] = [];
    const openClient = () => {
      const client = new pg.Client({ connectionString: database.url });
      clients.push(client);
      return client;
    };
    const signals = createSignals(openClient, clock);
    onTestFinished(signals.close);
    return { signals, clients };
  }

  /** A listener that counts, once it is connected. */
  async function listening(clock = systemClock) {
    const { signals, clients } = open({ clock });
    let count = 0;
    const words: SignalWord[] = [];
    signals.listen((word) => {
      count += 1;
      words.push(word);
    });
    // The first call back is for what may have been before there was a connection.
    await expect.poll(() => count).toBe(1);
    return { signals, clients, heard: () => count - 1, words };
  }

  test("reach the other processes, and not the one they come from", async () => {
    const [one, two] = [await listening(), await listening()];
    one.signals.notify("work");
    await expect.poll(two.heard).toBe(1);
    two.signals.notify("work");
    await expect.poll(one.heard).toBe(1);
    expect(two.heard()).toBe(1);
  });

  test("are sent at most once in ten milliseconds, the last one too", async () => {
    const clock = createFakeClock(0);
    const [sender, receiver] = [await listening(clock), await listening()];
    for (let i = 0; i < 1000; i += 1) sender.signals.notify("work");
    clock.moveTo(0);
    await expect.poll(receiver.heard).toBe(1);
    for (let i = 0; i < 1000; i += 1) sender.signals.notify("work");
    clock.moveTo(9);
    await sender.clients[0]!.query("select 1");
    expect(receiver.heard()).toBe(1);
    clock.moveTo(10);
    await expect.poll(receiver.heard).toBe(2);
  });

  test("say what there is word of, those of ten milliseconds in one notification", async () => {
    const [sender, receiver] = [await listening(), await listening()];
    sender.signals.notify("positioned");
    sender.signals.notify("uncommitted");
    sender.signals.notify("positioned");
    await expect.poll(receiver.heard).toBe(2);
    expect(receiver.words).toEqual(["work", "uncommitted", "positioned"]);
  });

  test.each(["somebody", "somebody log and-what-is-new"])("of another version are of anything: %s", async (payload) => {
    const receiver = await listening();
    await execute(database.url, `select pg_notify('hookwright', '${payload}')`);
    await expect.poll(receiver.heard).toBe(1);
    expect(receiver.words).toEqual(["work", "work"]);
  });

  test("come again after the connection was lost, and what may have been missed counts as one", async () => {
    const clock = createFakeClock(0);
    const [sender, receiver] = [await listening(), await listening(clock)];
    const terminate = "select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen hookwright'";
    const { processID } = receiver.clients[0] as unknown as { readonly processID: number };
    await execute(database.url, `${terminate} and pid = ${processID}`);
    await expect.poll(() => clock.timerCount()).toBe(1);
    clock.moveTo(1000);
    await expect.poll(receiver.heard).toBe(1);
    sender.signals.notify("work");
    await expect.poll(receiver.heard).toBe(2);
  });

  test("that cannot be sent trouble nobody", async () => {
    const signals = createSignals(() => new pg.Client({ host: "127.0.0.1", port: 1 }), systemClock);
    signals.listen(() => expect.unreachable("there is no server"));
    signals.notify("work");
    await signals.close();
  });
});
