import type { Id, Int, Url } from "../vocabulary.ts";

/** What of an endpoint decides which events it gets. */
export interface EndpointSettings {
  endpointId: Id;
  /** The contract whose events the endpoint gets. */
  contract: string;
  url: Url;
  /** Types the endpoint subscribed to, or `*` for all of them. */
  events: string[];
  enabled: boolean;
}

/** An endpoint and its contract. */
export interface EndpointReference {
  endpointId: Id;
  contract: string;
}

export interface EndpointEvents {
  /** An endpoint was registered. */
  "endpoint.created": EndpointSettings;

  /** An endpoint's URL, subscription or state was changed; all its settings are given as they are now. */
  "endpoint.updated": EndpointSettings;

  /** An endpoint got a new signing secret. */
  "endpoint.secret_rotated": EndpointReference;

  /** An endpoint was disabled because too many attempts in a row had failed. */
  "endpoint.disabled": {
    endpointId: Id;
    contract: string;
    /** Failures in a row. */
    failureCount: Int;
    /** The last status the endpoint answered. Null when it did not answer. */
    lastStatus: Int | null;
  };

  /** An endpoint was deleted; what was pending for it is dropped. */
  "endpoint.deleted": EndpointReference;
}
