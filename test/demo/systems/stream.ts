import type { IncomingHttpHeaders } from "node:http";
import { accepted, rowOf, type Row } from "../ledger.ts";
import type { Place } from "../place.ts";
import type { Item, Reply } from "../receivers.ts";

export interface StreamOptions {
  readonly contract: string;
  /** By the contract's names, but for the URL. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What the contract calls the URL. */
  readonly urlSetting: string;
  readonly verify: (body: Uint8Array, headers: IncomingHttpHeaders) => Promise<readonly Item[]>;
  readonly status: (count: number) => number;
}

/** Registers a stream, and gives its id. */
export async function openStream(place: Place, options: StreamOptions): Promise<string> {
  const { contract, settings, urlSetting, verify, status } = options;
  place.receivers.open(contract, { verify, reply: (_items, count): Reply => ({ status: status(count) }) });
  const body = { contract, settings: { ...settings, [urlSetting]: place.receivers.url(contract) } };
  const { logStream } = await place.call<{ readonly logStream: { readonly id: string } }>("POST", "log-streams", body);
  return logStream.id;
}

/** One line for the batches that came, and whether a refused one came again as it was. */
export function batchesText({ receivers }: Place, contract: string): string {
  const requests = receivers.of(contract);
  const counts = requests.map(({ items, status }) => `${items.length} records ${status}`).join(", ");
  const refused = requests.findIndex(({ status }) => status >= 400);
  const again = requests[refused + 1];
  const isSame = refused >= 0 && again !== undefined && requests[refused]?.body.equals(again.body) === true;
  if (!isSame) throw new Error(`A batch of ${contract} that was refused did not come again with the same bytes.`);
  return `${counts}; the refused batch came again with the same ${again.body.length} bytes`;
}

export async function streamRow(
  place: Place,
  {
    contract,
    streamId,
    emitted,
  }: { readonly contract: string; readonly streamId: string; readonly emitted: readonly Item[] },
): Promise<Row> {
  const { logs } = await place.call<{ readonly logs: readonly { readonly attempts: number }[] }>(
    "GET",
    `log-streams/${streamId}/report?per_page=100`,
  );
  const account = {
    expected: emitted.map(({ id }) => id),
    received: place.receivers.of(contract),
    has: accepted,
    attempts: logs.reduce((total, { attempts }) => total + attempts, 0),
  };
  return rowOf({ system: contract, mode: "stream" }, [account]);
}
