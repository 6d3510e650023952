/** A secret at rest: whose it is, in which place of its row, and what stands there. */
export interface SealedValue {
  readonly row: number;
  readonly tenant: string;
  readonly id: string;
  readonly which: "current" | "previous";
  readonly sealed: string;
}

/** Every sealed value of the database, to be sealed anew. */
export interface SealedStore {
  /** The values of up to `limit` rows after a row, deleted endpoints' among them. None: there are no more rows. */
  readonly page: (from: { after: number; limit: number }) => Promise<readonly SealedValue[]>;
  /** False when something else stands there by now; then nothing is written. */
  readonly replace: (value: SealedValue, sealed: string) => Promise<boolean>;
}
