/** A secret at rest: whose it is, in which place of its row, and what stands there. */
export interface SealedValue {
  readonly tenant: string;
  readonly id: string;
  /** What it is bound to beside its tenant and id, `signing_secret`. */
  readonly place: string;
  readonly sealed: string;
}

/** Every sealed value of the database, to be sealed anew. */
export interface SealedStore {
  /** All there are. */
  readonly places: readonly string[];
  /** Values of one place after an id, in order, those of deleted rows among them. None: there are no more. */
  readonly page: (from: { place: string; after: string; limit: number }) => Promise<readonly SealedValue[]>;
  /** False when something else stands there by now; then nothing is written. */
  readonly replace: (value: SealedValue, sealed: string) => Promise<boolean>;
}
