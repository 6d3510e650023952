/** Where sealed values stand. */
export const sealedPlaces = [
  "endpoint_secret",
  "previous_endpoint_secret",
  "stream_authorization",
  "stream_notice_url",
  "signing_key",
  "action_secret",
  "shared_action_secret",
  "idempotent_answer",
] as const;
export type SealedPlace = (typeof sealedPlaces)[number];

/** A secret at rest: whose it is, in which row of which place, and what stands there. */
export interface SealedValue {
  readonly tenant: string;
  readonly place: SealedPlace;
  /** What its table knows it by: its id; of an idempotent answer tenant, actor and key. */
  readonly row: readonly string[];
  readonly sealed: string;
}

/** Every sealed value of the database, to be sealed anew. */
export interface SealedStore {
  /** Values of one place in the order of their rows, those of deleted rows among them. None: there are no more. */
  readonly page: (from: {
    place: SealedPlace;
    /** The last row of the page before. Null: the first page. */
    after: readonly string[] | null;
    limit: number;
  }) => Promise<readonly SealedValue[]>;
  /** False when something else stands there by now; then nothing is written. */
  readonly replace: (value: SealedValue, sealed: string) => Promise<boolean>;
}
