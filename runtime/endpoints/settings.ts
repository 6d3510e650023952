/** What an endpoint's owner may leave out. */
export interface EndpointOptions {
  /** While it is, events for it become pending and nothing is sent. */
  readonly paused: boolean;
  /** Which events it gets among those of its types, in the language of `contracts/filter.ts`. Null: all. */
  readonly filter: string | null;
  /** Sent with every request, by their names in lower case. Stored as they are: no place for secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** The owner's own words about it. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Attempts that may be started in a second, on average and at once. Null: any number. */
  readonly ratePerSecond: number | null;
  /** Attempts under way at the same time. Null: as many as the engine allows. */
  readonly inFlightMax: number | null;
}

/** What its owner decides. */
export interface EndpointSettings extends EndpointOptions {
  readonly url: string;
  readonly description: string | null;
  /** Event types and prefixes, `group.*`, or `["*"]`. */
  readonly events: readonly string[];
  /** While it is not, it gets none of the events that happen, and what was pending stays so. */
  readonly enabled: boolean;
}

export const plainOptions: EndpointOptions = {
  paused: false,
  filter: null,
  headers: {},
  metadata: {},
  ratePerSecond: null,
  inFlightMax: null,
};

/** The settings of a new endpoint. */
export type NewEndpointSettings = Omit<EndpointSettings, keyof EndpointOptions> & Partial<EndpointOptions>;

/** The secrets of a new endpoint, or of a rotation; without a public key where there is no key pair. */
export type NewEndpointSecrets = Omit<EndpointSecrets, "publicKey"> & Partial<Pick<EndpointSecrets, "publicKey">>;

/** Failed attempts in a row over all deliveries of an endpoint. */
export interface EndpointHealth {
  readonly failureCount: number;
  readonly lastFailedAt: number | null;
  /** Null when the last failure had no response. */
  readonly lastFailureStatus: number | null;
}

/** For whom an endpoint is that a program registered by itself. */
export interface Subscription {
  /** Who subscribed, in the words of what authenticated it. */
  readonly subscriber: string;
  /** When it ends, unless it is renewed, in milliseconds since 1970. */
  readonly expiresAt: number;
  /** When the URL last answered a challenge of this subscriber's. */
  readonly provenAt: number;
  /** The id of the event `endpoint.created` that says it was made, the last of several. */
  readonly factId: string;
}

/** What an endpoint's requests are signed with. */
export interface EndpointSecrets {
  /** The signing secret, sealed; of a contract with two algorithms, both. */
  readonly sealedSecret: string;
  /** What its receiver verifies with. Null: the contract has no key pairs. */
  readonly publicKey: string | null;
  /** The one before it, which signs too until it expires, sealed for its own place. Null: there is none. */
  readonly previousSecret: { readonly sealed: string; readonly expiresAt: number } | null;
}
