import type { Examples } from "../contract.ts";
import type { AuthioEvents } from "./contract.ts";

const user = { id: "usr_9q1b6s3f0a", email: "robin@acme.example" };
const session = { id: "ses_4kpq2v8m1x", organization_id: "org_2t4bq9w1x7" };
const request = { ip: "203.0.113.24", user_agent: "Mozilla/5.0", method: "passkey" } as const;
const silent = { ip: null, user_agent: null, method: null } as const;
const metadata = {};
const test = { test: true } as const;
const claims = {
  iss: "https://auth.acme.example",
  sub: "usr_9q1b6s3f0a",
  roles: ["member"],
  permissions: ["projects:read"],
};

const early = { user: null, session: null, request, metadata };
const registered = { user, session: null, request, metadata };
const minting = { user, session, claims, request, metadata };
const testUser = { id: "usr_test", email: null };
const testEarly = { user: null, session: null, request: silent, metadata: test };
const testRegistered = { user: testUser, session: null, request: silent, metadata: test };
const testMinting = {
  user: testUser,
  session: { id: null, organization_id: null },
  claims: {},
  request: silent,
  metadata: test,
};

export const examples = {
  pre_authenticate: {
    "a user who is known": { ...early, user },
    "nobody yet": early,
    "a test": testEarly,
  },
  post_authenticate: {
    "a passkey": registered,
    "another session": { ...registered, session },
    "a test": testRegistered,
  },
  pre_token_mint: { "a member of an organization": minting, "a test": testMinting },
  post_token_mint: { "a member of an organization": minting, "a test": testMinting },
  pre_register: {
    "a password": { ...early, request: { ip: "203.0.113.24", user_agent: "Mozilla/5.0", method: "password" } },
    "a test": testEarly,
  },
  post_register: { "a new user": registered, "a test": testRegistered },
} satisfies Examples<AuthioEvents>;
