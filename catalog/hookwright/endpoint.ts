import type { Id, Int, Timestamp, Url } from "../vocabulary.ts";

/** What of an endpoint decides which events it gets. */
export interface EndpointSettings {
  endpointId: Id;
  /** The contract whose events the endpoint gets. */
  contract: string;
  url: Url;
  /** Types the endpoint subscribed to, prefixes such as `group.*` among them, or `*` for all of them. */
  events: string[];
  enabled: boolean;
  /** While it is paused, events for it become pending and nothing is sent. Left out: it is not. */
  paused?: boolean;
  /** Of the events of these types it gets those that pass the filter. Left out: all of them. */
  filter?: string;
  /** Who did it: the id of the API key, or `operator`. Left out where it is not known. */
  actorId?: Id;
}

/** An endpoint and its contract. */
export interface EndpointReference {
  endpointId: Id;
  contract: string;
}

/** An endpoint whose signing secret was replaced. */
export interface RotatedSecret extends EndpointReference {
  /** Who did it: the id of the API key, or `operator`. */
  actorId: Id;
  /** Until when attempts carry a signature with the secret before it too. Null: they carry none. */
  previousSecretExpiresAt: Timestamp | null;
}

/** An endpoint that is no more. */
export interface DeletedEndpoint extends EndpointReference {
  /** Who did it: the id of the API key, or `operator`. Left out where it is not known. */
  actorId?: Id;
}

export interface EndpointEvents {
  /** An endpoint was registered. */
  "endpoint.created": EndpointSettings;

  /** An endpoint's URL, subscription or state was changed; all its settings are given as they are now. */
  "endpoint.updated": EndpointSettings;

  /** An endpoint got a new signing secret. */
  "endpoint.secret_rotated": RotatedSecret;

  /** An endpoint was disabled because too many attempts in a row had failed. */
  "endpoint.disabled": {
    endpointId: Id;
    contract: string;
    /** Failures in a row. */
    failureCount: Int;
    /** The last status the endpoint answered. Null when it did not answer. */
    lastStatus: Int | null;
    /** Always `system`: nobody asked for it. Left out by versions before this one. */
    actorId?: Id;
  };

  /** An endpoint was deleted; what was pending for it is dropped. */
  "endpoint.deleted": DeletedEndpoint;
}
