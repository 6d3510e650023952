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
