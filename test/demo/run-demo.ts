import { problemsOf, type Row } from "./ledger.ts";
import { openPlace } from "./place.ts";
import type { Keeps } from "./receivers.ts";
import type { OpenSystem, System } from "./system.ts";
import { auth0 } from "./systems/auth0.ts";
import { authio } from "./systems/authio.ts";
import { authn } from "./systems/authn.ts";
import { authsignal } from "./systems/authsignal.ts";
import { operator } from "./systems/operator.ts";
import { stech } from "./systems/stech.ts";

const systems: readonly System[] = [stech, authn, authsignal, auth0, authio];

export interface DemoOptions {
  readonly say: (line: string) => void;
  /** All of it, unless given. */
  readonly keeps?: Keeps;
  /** Called with the result and the dashboard's address while everything still runs; it ends when this resolves. */
  readonly stay?: (result: DemoResult, dashboard: string) => Promise<void>;
}

export interface DemoResult {
  readonly rows: readonly Row[];
  /** Empty when every event is accounted for. */
  readonly problems: readonly string[];
}

/** Opens all systems on one runtime, so that they work side by side, and then shows what each of them can do. */
export async function runDemo({ say, keeps = () => true, stay }: DemoOptions): Promise<DemoResult> {
  const place = await openPlace({ keeps, say });
  try {
    // The operator is told about the others, from the first delivery on, and so it is shown last and opened first.
    const told = await operator.open(place);
    const open: OpenSystem[] = [];
    for (const system of systems) open.push(await system.open(place));
    open.push(told);
    await place.settle();
    for (const { name, show } of open) {
      say(`\n${name}`);
      await show();
      await place.settle();
    }
    const rows = await Promise.all(open.map(({ row }) => row()));
    const result = { rows, problems: rows.flatMap(problemsOf) };
    await stay?.(result, place.dashboard);
    return result;
  } finally {
    await place.close();
  }
}
