import { randomUUID } from "node:crypto";
import type { Client, Notification } from "pg";
import type { Clock } from "../seams/clock.ts";
import type { SignalWord, Signals } from "../seams/signals.ts";
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
  const listeners = new Set<(word: SignalWord) => void>();
  let current: Client | null = null;
  let connection: Promise<Client | null> | null = null;
  let isClosed = false;
  const asked = new Set<SignalWord>();
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
    tell(["work"]);
    return client;
  }

  function hear({ payload }: Notification): void {
    const { sender, words } = readPayload(payload);
    if (sender !== self) tell(words);
  }

  function tell(words: readonly SignalWord[]): void {
    for (const callback of listeners) for (const word of words) callback(word);
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
    const payload = [self, ...asked].join(" ");
    asked.clear();
    if (isClosed) return;
    lastSentAt = clock.now();
    sending = sendNow(payload);
  }

  async function sendNow(payload: string): Promise<void> {
    const client = await connected();
    await client?.query("select pg_notify($1, $2)", [channel, payload]).catch(() => undefined);
  }

  return {
    notify: (word) => {
      if (isClosed) return;
      const isAsked = asked.size > 0;
      asked.add(word);
      if (isAsked) return;
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

const signalWords: readonly SignalWord[] = ["log", "uncommitted", "positioned", "work"];

/** An earlier version gives no word, and a later one may give others: then there may be anything. */
function readPayload(payload: string | undefined): { readonly sender: string; readonly words: readonly SignalWord[] } {
  const [sender = "", ...given] = (payload ?? "").split(" ");
  const words = signalWords.filter((word) => given.includes(word));
  return { sender, words: words.length === 0 || words.length < given.length ? ["work"] : words };
}
