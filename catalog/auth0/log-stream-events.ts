import type { Id, Metadata } from "../vocabulary.ts";
import type { AuthorizationCodes } from "./authorization.ts";
import type { ExchangeCodes } from "./exchange.ts";
import type { ExtensionCodes } from "./extension.ts";
import type { GuardianCodes } from "./guardian.ts";
import type { LoginCodes } from "./login.ts";
import type { OperationCodes } from "./operation.ts";
import type { UserCodes } from "./user.ts";

/** The codes of the extension's log, each with the entry of today. */
export interface Auth0LogStreamEvents
  extends
    LoginCodes<StreamedLogEntry>,
    ExchangeCodes<StreamedLogEntry>,
    AuthorizationCodes<StreamedLogEntry>,
    UserCodes<StreamedLogEntry>,
    GuardianCodes<StreamedLogEntry>,
    OperationCodes<StreamedLogEntry>,
    ExtensionCodes<StreamedLogEntry> {}

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
