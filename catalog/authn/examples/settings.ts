import type { Examples } from "../../contract.ts";
import type { Appearance, AppearanceEvents } from "../appearance.ts";
import type { JwtTemplate, JwtTemplateEvents } from "../jwt-template.ts";
import type { Localization, LocalizationEvents } from "../localization.ts";
import type { OauthProvider, OauthProviderEvents } from "../oauth-provider.ts";

const provider: OauthProvider = {
  object: "oauth_provider",
  id: "oauthp_01KR3Q4ZXB9RA62N64CSS567VD",
  provider_kind: "custom_oidc",
  provider_key: "acme_sso",
  name: "Acme SSO",
  enabled: true,
  allow_sign_in: true,
  allow_sign_up: false,
  block_email_subaddresses: true,
  client_id: "authn-sh",
  scopes: ["openid", "email"],
  additional_authorization_params: { prompt: "select_account" },
  attribute_mapping: { first_name: "given_name" },
  redirect_uri: "https://accounts.acme.example/oauth/callback",
  issuer: "https://sso.acme.example",
  discovery_endpoint: "https://sso.acme.example/.well-known/openid-configuration",
  authorization_endpoint: "https://sso.acme.example/authorize",
  token_endpoint: "https://sso.acme.example/token",
  userinfo_endpoint: "https://sso.acme.example/userinfo",
  jwks_uri: "https://sso.acme.example/jwks",
  id_token_signing_algs: ["RS256"],
  userinfo_method: "GET",
  userinfo_auth: "bearer",
  created_at: 1_733_428_800_000,
  updated_at: 1_733_515_200_000,
};

const preset: OauthProvider = {
  object: "oauth_provider",
  id: "oauthp_01KR3Q4ZXBP8RPY3444FQEE2CK",
  provider_kind: "preset",
  provider_key: "google",
  name: "Google",
  enabled: true,
  allow_sign_in: true,
  allow_sign_up: true,
  block_email_subaddresses: false,
  client_id: "1234567890.apps.example",
  scopes: [],
  additional_authorization_params: {},
  attribute_mapping: {},
  redirect_uri: "https://accounts.acme.example/oauth/callback",
  issuer: null,
  discovery_endpoint: null,
  authorization_endpoint: null,
  token_endpoint: null,
  userinfo_endpoint: null,
  jwks_uri: null,
  userinfo_method: null,
  userinfo_auth: null,
  created_at: 1_733_428_800_000,
  updated_at: 1_733_428_800_000,
};

const appearance: Appearance = {
  variables: { colorPrimary: "#6c47ff", fontFamily: "Inter, sans-serif", borderRadius: "0.5rem" },
  elements: { card: "shadow-lg", formButtonPrimary: "bg-violet-600" },
  layout: {
    logoImageUrl: "https://acme.example/logo.svg",
    helpPageUrl: null,
    socialButtonsPlacement: "bottom",
    socialButtonsVariant: "iconButton",
    showOptionalFields: false,
    animations: true,
  },
};

const localization: Localization = {
  default_locale: "en-US",
  fallback_locale: "en-US",
  supported_locales: ["en-US", "de-DE"],
  overrides: { "de-DE": { "signIn.start.title": "Willkommen zurück" } },
};

const jwtTemplate: JwtTemplate = {
  object: "jwt_template",
  id: "jtmpl_01KR3Q4ZXBFCADXN2Z0AZEC3EA",
  name: "warehouse",
  claims: { role: "{{org.role}}", aud: ["warehouse"] },
  lifetime: 60,
  allowed_clock_skew: 5,
  signing_algorithm: "RS256",
  created_at: 1_733_428_800_000,
  updated_at: 1_733_515_200_000,
};

export const oauthProviderExamples = {
  "oauthProvider.created": { "with everything": provider, "a preset": preset },
  "oauthProvider.updated": { "with everything": provider },
  "oauthProvider.deleted": { "a preset": preset },
} satisfies Examples<OauthProviderEvents>;

export const appearanceExamples = {
  "instance.config.appearance_updated": {
    "another color": {
      previous: { ...appearance, variables: { fontFamily: "Inter, sans-serif", borderRadius: "0.5rem" } },
      current: appearance,
      diff: { variables: { colorPrimary: "#6c47ff" } },
    },
    "for the first time": { previous: {}, current: appearance, diff: appearance },
  },
} satisfies Examples<AppearanceEvents>;

export const localizationExamples = {
  "localization.updated": {
    "a second language": {
      previous: { ...localization, supported_locales: ["en-US"], overrides: {} },
      current: localization,
      diff: { supported_locales: localization.supported_locales, overrides: localization.overrides },
    },
  },
} satisfies Examples<LocalizationEvents>;

export const jwtTemplateExamples = {
  "jwtTemplate.created": { "with everything": jwtTemplate },
  "jwtTemplate.updated": { "a longer life": { ...jwtTemplate, lifetime: 300, signing_algorithm: "ES256" } },
  "jwtTemplate.deleted": { "with everything": jwtTemplate },
} satisfies Examples<JwtTemplateEvents>;
