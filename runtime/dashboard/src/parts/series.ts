/** Attempts over time. */
export interface Series {
  /** When the first piece begins. */
  readonly since: string;
  readonly pieceSeconds: number;
  readonly delivered: readonly number[];
  readonly retried: readonly number[];
  readonly failed: readonly number[];
}
