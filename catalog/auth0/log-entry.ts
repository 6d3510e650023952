import type { Id, Metadata, OpenRecord } from "../vocabulary.ts";

/**
 * What an entry of the log says, as whoever relays it got it: Auth0 made it. Of 68 entries in public fixtures all had
 * `date`, `type` and `ip`, and each other member was missing somewhere; a text that is not known is mostly empty.
 */
export type LogEntry = OpenRecord<
  EntryFacts & {
    isMobile?: boolean | null;
    /** The entry's name in the log itself. */
    log_id?: Id | null;
    location_info?: Metadata | null;
  }
>;

/** What entries have in common in both forms in which Auth0 sends them (F-AUTH0-13). */
export interface EntryFacts {
  description?: string | null;
  /** The connection by which somebody logged in. */
  connection?: string | null;
  connection_id?: Id | null;
  /** Null or absent when no client took part. */
  client_id?: Id | null;
  client_name?: string | null;
  ip?: string | null;
  user_agent?: string | null;
  /** The request and the error, by the code of the entry; what is secret in them is masked. */
  details?: Metadata | null;
  user_id?: string | null;
  user_name?: string | null;
  /** `auth0`, `google-oauth2`. */
  strategy?: string | null;
  /** `database`, `social`, `enterprise`. */
  strategy_type?: string | null;
  hostname?: string | null;
  /** Text, or a list of texts. */
  audience?: unknown;
  /** Text with spaces between, or a list of texts. */
  scope?: unknown;
  organization_id?: Id | null;
  organization_name?: string | null;
  /** The SDK that asked. */
  auth0_client?: Metadata | null;
}
