import type { Metadata, OpenRecord } from "../vocabulary.ts";
import type { AuthorizationCodes } from "./authorization.ts";
import type { ExchangeCodes } from "./exchange.ts";
import type { ExtensionCodes } from "./extension.ts";
import type { GuardianCodes } from "./guardian.ts";
import type { EntryFacts } from "./log-entry.ts";
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
 * What an entry says as a log stream sends it (F-AUTH0-13): Auth0 made it. Its schemas require a description and the
 * environment's name, and of 68 entries in public fixtures none had the latter, so that nothing is required here.
 */
export type StreamedLogEntry = OpenRecord<
  EntryFacts & {
    /** Where the tenant is run, `prod-us-1`. */
    environment_name?: string | null;
    is_mobile?: boolean | null;
    location_info?: Metadata | null;
  }
>;
