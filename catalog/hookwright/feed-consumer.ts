import type { Id } from "../vocabulary.ts";

/** A consumer of the feed of events, and who changed it. */
export interface FeedConsumerReference {
  name: string;
  /** The contract whose events it reads. */
  contract: string;
  /** Who did it: the id of the API key, or `operator`. */
  actorId: Id;
}

export interface FeedConsumerEvents {
  /** A consumer of the feed was made. */
  "feed_consumer.created": FeedConsumerReference;

  /**
   * A consumer of the feed was put somewhere else in the log, so that it reads events again, or passes some over.
   *
   * What it commits as it reads is told by none of these: a consumer does so with every page.
   */
  "feed_consumer.moved": FeedConsumerReference;

  /** A consumer of the feed was deleted; its place is forgotten. */
  "feed_consumer.deleted": FeedConsumerReference;
}
