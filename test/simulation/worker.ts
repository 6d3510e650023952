import type { Engine } from "../../runtime/engine/engine.ts";
import type { Host } from "./scheduler.ts";
import type { Sender } from "./watch.ts";

/** A process with an engine. */
export interface Worker extends Sender {
  readonly host: Host;
  readonly engine: Engine;
  /** The event type that its catalog lacks. */
  readonly lacks: string | null;
  readonly epochs: Map<number, number>;
  readonly handOvers: Map<number, number>;
  state: "starting" | "running" | "stopping";
}
