import { randomUUID } from "node:crypto";
import type { Client, Notification } from "pg";
import type { Clock } from "../seams/clock.ts";
import type { Signals } from "../seams/signals.ts";
import type { OpenClient } from "./postgres.ts";

export interface OpenedSignals extends Signals {
  readonly close: () => Promise<void>;
}

const channel = "hookwright";

/**
 * One notification costs every listening process a wake-up, and in the transaction of an emit it would take a lock that
 * all commits go through: 1,100 to 2,500 a second instead of 7,000.
 */
const notifyEveryMs = 10;
const reconnectAfterMs = 1000;

/** LISTEN and NOTIFY on a connection of its own. What is missed is found by the next look at the log. */
export function createSignals(openClient: OpenClient, clock: Clock): OpenedSignals {
  const self = randomUUID();
  const listeners = new Set<() => void>();
  let current: Client | null = null;
  let connection: Promise<Client | null> | null = null;
  let isClosed = false;
  let isAsked = false;
  let sending = Promise.resolve();
  let lastSentAt = -Infinity;
  let cancelTimer = (): void => undefined;

  function connected(): Promise<Client | null> {
    if (connection !== null) return connection;
    const client = openClient();
    current = client;
    connection = connect(client).catch(() => lose(client));
    return connection;
  }

  async function connect(client: Client): Promise<Client> {
    client.on("error", () => void lose(client));
    client.on("end", () => void lose(client));
    client.on("notification", hear);
    await client.connect();
    await client.query(`listen ${channel}`);
    // There may have been something while nobody listened.
    for (const callback of listeners) callback();
    return client;
  }

  function hear({ payload }: Notification): void {
    if (payload !== self) for (const callback of listeners) callback();
  }

  /** Connects again after a while, if anybody still listens. A connection says more than once that it is lost. */
  function lose(client: Client): null {
    if (isClosed || client !== current) return null;
    current = null;
    connection = null;
    client.end().catch(() => undefined);
    cancelTimer = clock.after(reconnectAfterMs, () => void (listeners.size > 0 && connected()));
    return null;
  }

  /** One at a time: pg gives up queueing statements on a client. What is asked for meanwhile is one more. */
  async function send(): Promise<void> {
    await sending;
    isAsked = false;
    if (isClosed) return;
    lastSentAt = clock.now();
    sending = sendNow();
  }

  async function sendNow(): Promise<void> {
    const client = await connected();
    await client?.query("select pg_notify($1, $2)", [channel, self]).catch(() => undefined);
  }

  return {
    notify: () => {
      if (isAsked || isClosed) return;
      isAsked = true;
      clock.after(Math.max(lastSentAt + notifyEveryMs - clock.now(), 0), () => void send());
    },
    listen: (callback) => {
      listeners.add(callback);
      void connected();
      return () => void listeners.delete(callback);
    },
    close: async () => {
      isClosed = true;
      cancelTimer();
      listeners.clear();
      const client = await connection;
      await client?.end().catch(() => undefined);
    },
  };
}
