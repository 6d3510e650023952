import type { Id, Metadata } from "../vocabulary.ts";

/** What every entry of the log says. Text that is not known is empty, never null. */
export interface LogEntry {
  description: string;
  /** The connection by which somebody logged in. */
  connection: string;
  /** Null when no client took part. */
  client_id: Id | null;
  client_name: string;
  ip: string;
  user_agent: string;
  /** The request and the error, by the code of the entry; what is secret in them is masked. */
  details: Metadata;
  user_id: string;
  user_name: string;
  /** `auth0`, `google-oauth2`. */
  strategy: string;
  /** `database`, `social`, `enterprise`. */
  strategy_type: string;
  isMobile: boolean;
  hostname?: string;
  audience?: string;
  scope?: string;
  connection_id?: Id;
  organization_id?: Id;
  organization_name?: string;
  /** The entry's name in the log itself. */
  log_id?: Id;
  location_info?: Metadata;
}

/**
 * What an entry says as a log stream sends it (F-AUTH0-13). Its schemas require the first two members of every entry,
 * and of the others each is there where it says something.
 */
export interface StreamedLogEntry {
  description: string;
  /** Where the tenant is run, `prod-us-1`. */
  environment_name: string;
  /** The connection by which somebody logged in. */
  connection?: string;
  connection_id?: Id;
  /** Null when no client took part. */
  client_id?: Id | null;
  client_name?: string;
  ip?: string;
  user_agent?: string;
  is_mobile?: boolean;
  hostname?: string;
  /** The request and the error, by the code of the entry; what is secret in them is masked. */
  details?: Metadata;
  user_id?: string;
  user_name?: string;
  /** `auth0`, `google-oauth2`. */
  strategy?: string;
  /** `database`, `social`, `enterprise`. */
  strategy_type?: string;
  audience?: string;
  scope?: string;
  organization_id?: Id;
  organization_name?: string;
  location_info?: Metadata;
}
