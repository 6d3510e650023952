/** Entries in the forms that public exporters show, with values of our own: what a relay gets from Auth0 and emits. */

export const failedExchange = {
  date: "2026-03-02T08:15:09.386Z",
  type: "feacft",
  log_id: "90020260302081509",
  description: "Invalid authorization code",
  ip: "192.0.2.41",
  user_agent: "Java",
  client_id: "cli_a",
  client_name: "guide",
  connection_id: "",
  user_id: "",
  user_name: "",
  hostname: "tenant.example",
  isMobile: true,
  details: { code: "*" },
};

export const operation = {
  date: "2026-03-02T08:15:10.000Z",
  type: "sapi",
  log_id: "90020260302081510",
  description: "Update a connection",
  ip: "192.0.2.42",
  client_id: "cli_b",
  client_name: "",
  details: {
    request: { method: "patch", path: "/api/v2/connections/con_1", body: { options: { a: [1, null] } } },
    response: { statusCode: 200 },
  },
};

/** With members that the catalog does not name. */
export const exchange = {
  date: "2026-03-02T08:15:11Z",
  type: "seacft",
  _id: "90020260302081511",
  log_id: "90020260302081511",
  ip: "2001:db8::7",
  user_id: "auth|1",
  scope: ["openid", "offline_access"],
  auth0_client: { name: "sdk", version: "1.0.0" },
  $event_schema: { version: "1.0.0" },
  tenant_name: "t",
};

/** With as little as there is. */
export const short = {
  date: "2026-03-02T08:15:12.5Z",
  type: "s",
  log_id: "90020260302081512",
  ip: "192.0.2.43",
  details: null,
};
