/** Whose key it is: two callers of one tenant may use the same. */
export interface IdempotencyKey {
  readonly tenant: string;
  readonly actorId: string;
  readonly key: string;
}

/** A request that brought a key. */
export interface KeyedRequest extends IdempotencyKey {
  /** Tells requests apart that are not repeats of each other. */
  readonly fingerprint: string;
  readonly at: number;
}

/** An answer that was given, sealed as it may hold a secret. */
export interface KeptAnswer {
  readonly status: number;
  readonly sealed: string;
}

export interface IdempotencyStore {
  /**
   * Takes the key for a request, or gives what it was taken for; `answer` is null while there is none. A key that was
   * taken at `expiredBy` or earlier is free, and so is one that got no answer since `abandonedBy`, for a repeat.
   */
  readonly claim: (
    request: KeyedRequest & { readonly expiredBy: number; readonly abandonedBy: number },
  ) => Promise<"claimed" | { readonly fingerprint: string; readonly answer: KeptAnswer | null }>;
  /** Keeps the answer to the request that has the key. */
  readonly complete: (request: KeyedRequest, answer: KeptAnswer) => Promise<void>;
  /** Frees the key of a request that changed nothing. */
  readonly release: (request: KeyedRequest) => Promise<void>;
}
