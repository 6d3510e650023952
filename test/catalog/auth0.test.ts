import { describe, expect, test } from "vitest";
import { auth0 } from "../../catalog/auth0/contract.ts";
import { renderEnvelope } from "../../runtime/contracts/envelope.ts";
import { fieldsOf, presence, readContract } from "./read-contract.ts";

const contract = readContract("auth0");
const first = contract.events.filter(({ since }) => since === null);
const newer = contract.events.filter(({ since }) => since !== null);

/** The codes of the extension by level, as its source lists them. */
const codes: Readonly<Record<number, string>> = {
  1: `s ssa seacft seccft sepft sertft seoobft seotpft sercft con ss cs cls sv scp scph sce scu scpn svr scpr sapi sdu
admin_update_launch sys_os_update_start sys_os_update_end sys_update_start sys_update_end slo sd gd_unenroll
gd_update_device_account gd_module_switch gd_tenant_update gd_start_auth gd_start_enroll gd_user_delete gd_auth_succeed
gd_send_pn gd_recovery_succeed gd_send_sms gd_enrollment_complete gd_send_voice sui scoa ublkdu sens`,
  2: "w depnote gd_otp_rate_limit_exceed gd_recovery_rate_limit_exceed fui",
  3: `fsa feacft feccft fepft fertft ferrt feoobft feotpft fercft f du fu fp fc fco coff fs fv fcp fcph fce fcu fcpn fvr
fcpr fn fapi fdu flo fd gd_start_enroll_failed gd_auth_failed gd_send_pn_failure gd_auth_rejected gd_recovery_failed
gd_send_sms_failure gd_send_voice_failure pwd_leak fcoa fens`,
  4: "fcpro limit_wc limit_mu limit_ui api_limit limit_delegation",
};

/** The codes that came since: Auth0's list of 2026-08 and the seven that its schemas alone have, less those above. */
const laterCodes = `acls_summary actions_execution_failed acul_sdk_notice api_limit_warning appi ciba_start_failed
ciba_start_succeeded ciba_exchange_failed ciba_exchange_succeeded connected_accounts_connection_failed
connected_accounts_connection_succeeded connected_accounts_delete_failed connected_accounts_delete_succeeded
custom_domain_verification_failed directory_sync_started directory_sync_completed directory_sync_failed
failed_on_behalf_of_token_exchange success_on_behalf_of_token_exchange fdeac fdeaz fdecc fecte secte fede sede
federated_logout_failed fepotpft feta seta fi si flows_execution_completed flows_execution_failed
forms_submission_failed forms_submission_succeeded fpar fpurh gd_auth_email_verification
gd_auth_fail_email_verification gd_send_email gd_send_email_verification gd_send_email_verification_failure
gd_webauthn_challenge_failed gd_webauthn_enrollment_failed idjag_exchange_failed idjag_exchange_succeeded
jwt_bearer_exchange_failed kms_key_management_failure kms_key_management_success kms_key_state_changed limit_sul mfar
mgmt_api_read my_account_authentication_method_failed my_account_authentication_method_succeeded
oidc_backchannel_logout_failed oidc_backchannel_logout_succeeded organization_member_added passkey_challenge_started
passkey_challenge_failed pla reset_pwd_leak signup_pwd_leak resource_cleanup rich_consents_access_error scv sepkoobft
sepkotpft sepkrcft srrt ss_sso_failure ss_sso_info ss_sso_success sscim too_many_records universal_logout_failed
universal_logout_succeeded wn wum
fdeleacft fdelsa fscim limit_phone sdel sdeleacft sdelsa`;

const sorted = (text: string) => text.split(/\s/).toSorted();

describe("R-AUTH0-13: the codes", () => {
  test.each(Object.entries(codes))("of level %s", (level, names) => {
    const found = first.filter((event) => event.level === Number(level)).map(({ name }) => name);
    expect(found.toSorted()).toEqual(sorted(names));
  });

  test("are 98, and 87 newer ones that say since when", () => {
    expect([first.length, newer.length]).toEqual([98, 87]);
    expect(newer.map(({ name }) => name).toSorted()).toEqual(sorted(laterCodes));
    expect([...new Set(newer.map(({ since }) => since))]).toEqual(["2026-08"]);
  });

  test("have all a level, those that failed 3 and the limits 4", () => {
    expect(contract.events.filter(({ level }) => level === null)).toEqual([]);
    const levelsOf = (pattern: RegExp) =>
      new Set(newer.filter(({ name }) => pattern.test(name)).map(({ level }) => level));
    expect(levelsOf(/_(failed|failure)$/)).toEqual(new Set([3]));
    expect(levelsOf(/^limit_/)).toEqual(new Set([4]));
    expect(levelsOf(/(_warning|_notice|^w.)$/)).toEqual(new Set([2]));
    expect(levelsOf(/_(succeeded|success)$/)).toEqual(new Set([1]));
  });

  test.each([
    ["s", "Success Login"],
    ["f", "Failed Login"],
    ["fu", "Failed Login (invalid email/username)"],
    ["fp", "Failed Login (wrong password)"],
    ["seacft", "Success Exchange"],
    ["ferrt", "Failed Exchange"],
    ["cls", "Code/Link Sent"],
    ["scph", "Success Post Change Password Hook"],
    ["sdu", "Successful User Deletion"],
    ["limit_ui", "Too Many Calls to /userinfo"],
    ["api_limit", "Rate Limit On API"],
    ["fcpro", "Failed Connector Provisioning"],
    ["sys_os_update_start", "Auth0 OS Update Started"],
    ["gd_auth_succeed", "OTP Auth suceed"],
    ["gd_recovery_rate_limit_exceed", "Too many failures"],
    ["scoa", "Success cross origin authentication"],
    ["ublkdu", "Account unblocked"],
    ["acul_sdk_notice", "ACUL SDK Notice"],
    ["gd_webauthn_challenge_failed", "WebAuthn browser error"],
    ["wum", "Warning User Management"],
  ])("%s is called %s", (code, title) => {
    expect(contract.events.find(({ name }) => name === code)?.title).toBe(title);
  });

  test("are each called something, and carry one entry", () => {
    expect(contract.events.filter(({ title }) => title === null)).toEqual([]);
    expect(new Set(contract.events.map(({ data }) => data))).toEqual(new Set(["LogEntry"]));
  });
});

describe("R-AUTH0-14: an entry", () => {
  const entry = fieldsOf(contract, "LogEntry");

  test("may have what the page's sample has, and what came later; nothing is required of what others made", () => {
    expect(presence(entry)).toEqual({
      required: "",
      optional:
        "description connection connection_id client_id client_name ip user_agent details user_id user_name strategy " +
        "strategy_type hostname audience scope organization_id organization_name auth0_client isMobile log_id location_info",
    });
    expect([...entry.values()].filter(({ nullable }) => !nullable).map(({ name }) => name)).toEqual([
      "audience",
      "scope",
    ]);
    expect(contract.shapes).toMatchObject([{ name: "LogEntry", open: true }]);
  });

  test("R-AUTH0-16: what the page's sample does not know is empty text and not null", () => {
    expect(auth0.examples.f["a wrong password"]).toMatchObject({
      ip: "",
      user_id: "",
      details: { body: { username: "" } },
    });
  });

  test("R-AUTH0-15: the secrets of a request's body are masked, and not what is none", () => {
    expect(auth0.masked).toMatchObject({ as: "*****" });
    expect(auth0.masked?.members).toEqual(expect.arrayContaining(["password", "client_secret", "refresh_token"]));
    for (const name of ["code", "username", "scope", "description"]) expect(auth0.masked?.members).not.toContain(name);
  });

  test("stands bare on the wire, behind time and code and before its 56 digits (R-AUTH0-15: secrets are masked)", () => {
    const body = renderEnvelope(auth0.envelope, {
      id: "49556539073893675610923042044589174982043486779166687234",
      type: "f",
      time: Date.parse("2016-02-25T13:42:08.791Z"),
      tenant: "acme",
      data: auth0.examples.f["a wrong password"],
    });
    expect(body).toBe(
      '{"date":"2016-02-25T13:42:08.791Z","type":"f","description":"Wrong email or password.","connection":"My-Users",' +
        '"client_id":"lIkP1Wn4qQPj56k9bE7fyMrbsaaHXd6c","client_name":"Default App","ip":"",' +
        '"user_agent":"Chrome 48.0.2564 / Mac OS X 10.11.3","details":{"error":{"message":"Wrong email or password.",' +
        '"oauthError":"Wrong email or password.","type":"invalid_user_password"},' +
        '"body":{"client_id":"lIkP1Wn4qQPj56k9bE7fyMrbsaaHXd6c","username":"","password":"*****",' +
        '"connection":"My-Users","grant_type":"password","scope":"openid","device":""},"qs":{},' +
        '"connection":"My-Users"},"user_id":"","user_name":"Default App","strategy":"auth0",' +
        '"strategy_type":"database","isMobile":false,' +
        '"_id":"49556539073893675610923042044589174982043486779166687234"}',
    );
    expect(auth0.ids.event).toEqual({ prefix: "", format: "decimal-56" });
  });
});

test("R-AUTH0-03 to R-AUTH0-13: the settings have the page's names (D-AUTH0-02)", () => {
  expect(Object.entries(auth0.settings)).toEqual([
    ["Schedule", "schedule"],
    ["BATCH_SIZE", "batch-size"],
    ["Webhook_URL", "url"],
    ["Authorization", "authorization"],
    ["Send_as_Batch", "send-as-batch"],
    ["Webhook_Concurrent_Calls", "concurrency"],
    ["START_FROM", "start-from"],
    ["SLACK_INCOMING_WEBHOOK_URL", "notice-url"],
    ["SLACK_SEND_SUCCESS", "notice-on-success"],
    ["LOG_LEVEL", "level"],
    ["LOG_TYPES", "types"],
  ]);
});

test("R-AUTH0-04, R-AUTH0-07, R-AUTH0-08, F-AUTH0-01, F-AUTH0-02: batches, and when they are sent", () => {
  expect(auth0).toMatchObject({
    mode: "stream",
    batch: { body: { kind: "array" }, recordsMax: 100, single: { concurrencyDefault: 5 } },
    schedule: { kind: "cron", default: "0 */5 * * * *" },
    delay: { defaultSeconds: 0 },
  });
});

test("F-AUTH0-03, F-AUTH0-08, D-AUTH0-04, D-AUTH0-05: 200 to 399 is accepted; five more tries in a run, then it is passed over", () => {
  expect(auth0.outcomes.filter(({ then }) => then === "deliver")).toEqual([{ on: ["2xx", "3xx"], then: "deliver" }]);
  expect(auth0.outcomes.filter(({ then }) => then === "reject")).toEqual([]);
  expect(auth0.retry).toEqual({ kind: "per-run", retriesMax: 5, budgetSeconds: 22, onExhausted: "skip" });
  expect(auth0.timeoutSeconds).toBe(20);
});

test("R-AUTH0-06, F-AUTH0-02, D-AUTH0-06: the configured header, and no signature", () => {
  expect(auth0.headers).toEqual({ Authorization: "authorization" });
  expect([auth0.userAgent, auth0.signature, auth0.secret]).toEqual(["auth0-extensions auth webhook", null, null]);
});

test("D-AUTH0-03, D-AUTH0-09: what is left out by default, and where nothing is sent", () => {
  expect(auth0.filter).toEqual({ kind: "levels-and-types", exceptByDefault: ["sapi", "fapi"] });
  expect(auth0.url.schemes).toEqual(["https"]);
});

test("R-AUTH0-10, R-AUTH0-11, F-AUTH0-10, D-AUTH0-07: what is told in a chat", () => {
  expect(auth0.notice).toEqual({
    username: "auth0-authentication-api-webhooks",
    icon: ":rocket:",
    title: "Authentication API Webhooks",
    colors: { success: "#7cd197", error: "#d13f42" },
    dailyReportHour: 16,
  });
});
