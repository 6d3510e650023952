const entry = {
  connection: "My-Users",
  client_id: "lIkP1Wn4qQPj56k9bE7fyMrbsaaHXd6c",
  client_name: "Default App",
  ip: "203.0.113.24",
  details: {},
  user_id: "auth0|9q1b6s3f0a",
  user_name: "robin@acme.example",
  strategy: "auth0",
  strategy_type: "database",
};

/** Somebody in a browser. */
export const browser = { ...entry, user_agent: "Chrome 124.0.0 / Mac OS X 14.4.1", isMobile: false };

/** A client that asks for tokens. */
export const token = {
  ...entry,
  user_agent: "okhttp/4.12.0",
  isMobile: true,
  hostname: "acme.auth0.example",
  audience: "https://api.acme.example",
  scope: "openid profile",
  details: { grant_type: "authorization_code" },
};

/** A phone that is a second factor. */
export const factor = {
  ...entry,
  user_agent: "Guardian/1.9.3 iOS/17.4",
  isMobile: true,
  organization_id: "org_2t4bq9w1x7",
};

/** Nobody: the service itself. */
export const service = {
  ...entry,
  connection: "",
  client_id: null,
  client_name: "",
  ip: "",
  user_agent: "",
  user_id: "",
  user_name: "",
  strategy: "",
  strategy_type: "",
  isMobile: false,
};

/** The page's sample. */
export const wrongPassword = {
  description: "Wrong email or password.",
  connection: "My-Users",
  client_id: "lIkP1Wn4qQPj56k9bE7fyMrbsaaHXd6c",
  client_name: "Default App",
  ip: "",
  user_agent: "Chrome 48.0.2564 / Mac OS X 10.11.3",
  details: {
    error: {
      message: "Wrong email or password.",
      oauthError: "Wrong email or password.",
      type: "invalid_user_password",
    },
    body: {
      client_id: "lIkP1Wn4qQPj56k9bE7fyMrbsaaHXd6c",
      username: "",
      password: "*****",
      connection: "My-Users",
      grant_type: "password",
      scope: "openid",
      device: "",
    },
    qs: {},
    connection: "My-Users",
  },
  user_id: "",
  user_name: "Default App",
  strategy: "auth0",
  strategy_type: "database",
  isMobile: false,
};
