import type { Id, Int, Url } from "../vocabulary.ts";

/** A log stream, and who changed it. */
export interface LogStreamReference {
  logStreamId: Id;
  /** The contract whose events the stream sends. */
  contract: string;
  /** Who did it: the id of the API key, or `operator`. Left out where it is not known. */
  actorId?: Id;
}

/** What the owner of a log stream decides, by the same names under every contract. */
export interface LogStreamSettings extends LogStreamReference {
  url: Url;
  status: "active" | "paused";
  /** Types the stream sends beside those of `level`. With neither it sends those that its contract sends by default. */
  types: string[];
  /** The least severity of what is sent, from 0 to 4. Null: severity does not matter. */
  level: Int | null;
  /** Six fields, the first of which is seconds, in UTC. Null: batches are sent as soon as there is something to send. */
  schedule: string | null;
  /** How old an event has to be. */
  delaySeconds: Int;
  batchSize: Int;
  /** `single`: each record is a request of its own. */
  sends: "batch" | "single";
  /** Requests at the same time, where each record is one. */
  concurrency: Int;
  /** The event after which the stream began, or was last told to begin. */
  startFrom: Id | null;
  /** Whether runs that succeed are told as well, where the contract has notices. */
  noticeOnSuccess: boolean;
  /** What becomes of a batch whose retries of a run are used up. */
  onExhausted: "skip" | "hold";
  /** Whether requests carry an authorization header. The header itself is a secret. */
  hasAuthorization: boolean;
  /** Whether there is a URL that notices are posted to. The URL itself is a secret. */
  hasNoticeUrl: boolean;
}

export interface ChangedLogStream extends LogStreamSettings {
  /** Secrets that the change set or removed. */
  changedSecrets: ("authorization" | "noticeUrl")[];
}

export interface RewoundLogStream extends LogStreamReference {
  /** The position after which the stream goes on. */
  position: Int;
  /** The position after which it would have gone on. */
  previousPosition: Int;
}

/** A key that signs a tenant's requests, and who made or revoked it. */
export interface SigningKeyReference {
  signingKeyId: Id;
  /** The contract whose requests the key signs. */
  contract: string;
  /** Who did it: the id of the API key, or `operator`. Left out where it is not known. */
  actorId?: Id;
}

export interface LogStreamEvents {
  /** A log stream was made. */
  "log_stream.created": LogStreamSettings;

  /** A log stream's settings or secrets were changed; all its settings are given as they are now. */
  "log_stream.updated": ChangedLogStream;

  /** A log stream was paused: nothing is sent until somebody resumes it. */
  "log_stream.paused": LogStreamReference;

  /** A log stream was resumed: it goes on where it was. */
  "log_stream.resumed": LogStreamReference;

  /** A log stream was told to go on elsewhere in the log, so that events are sent again, or are never sent. */
  "log_stream.rewound": RewoundLogStream;

  /** A log stream was deleted, with its secrets and its runs. */
  "log_stream.deleted": LogStreamReference;

  /** A key was made that signs requests to the tenant, beside those that there are. */
  "signing_key.created": SigningKeyReference;

  /** A key was revoked: from the next attempt on it signs no more. */
  "signing_key.revoked": SigningKeyReference;
}
