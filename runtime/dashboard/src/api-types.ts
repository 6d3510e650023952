// Written from /openapi.json by `npm run api-reference`; do not edit.

export interface paths {
  "/v1/event-types": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["listEventTypes"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/event-types/{type}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getEventType"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/events/batch": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations["emitEvents"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/events": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["listEvents"];
    put?: never;
    post: operations["emitEvent"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/events/export": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["exportEvents"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/events/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getEvent"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/events/{id}/body": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getEventBody"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/events/{id}/deliveries": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["explainEvent"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/events/{id}/erase": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations["eraseEvent"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/feeds": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["listFeedConsumers"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/feeds/{name}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getFeedConsumer"];
    put: operations["createFeedConsumer"];
    post?: never;
    delete: operations["deleteFeedConsumer"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/feeds/{name}/commit": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations["commitFeedConsumer"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/feeds/{name}/seek": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations["seekFeedConsumer"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/webhook-endpoints": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["listEndpoints"];
    put?: never;
    post: operations["createEndpoint"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/webhook-endpoints/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getEndpoint"];
    put?: never;
    post?: never;
    delete: operations["deleteEndpoint"];
    options?: never;
    head?: never;
    patch: operations["updateEndpoint"];
    trace?: never;
  };
  "/v1/orgs/{tenant}/webhook-endpoints/{id}/rotate-secret": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations["rotateEndpointSecret"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/filters/try": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["tryFilter"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/webhook-endpoints/{id}/deliveries": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["listDeliveries"];
    put?: never;
    post: operations["sendMissedEvent"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/webhook-endpoints/{id}/deliveries/{delivery}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getDelivery"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/webhook-endpoints/{id}/deliveries/{delivery}/redeliver": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations["redeliver"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/deliveries": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["listTenantDeliveries"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/deliveries": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["listAllDeliveries"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/counts": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getTenantCounts"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/counts": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getCounts"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/webhook-endpoints/{id}/redeliveries": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["listRedeliveries"];
    put?: never;
    post: operations["startRedelivery"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/webhook-endpoints/{id}/redeliveries/{redelivery}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getRedelivery"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/webhook-endpoints/{id}/redeliveries/{redelivery}/cancel": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations["cancelRedelivery"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/webhook-endpoints/{id}/test": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations["testEndpoint"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/log-streams": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["listLogStreams"];
    put?: never;
    post: operations["createLogStream"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/log-streams/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getLogStream"];
    put?: never;
    post?: never;
    delete: operations["deleteLogStream"];
    options?: never;
    head?: never;
    patch: operations["updateLogStream"];
    trace?: never;
  };
  "/v1/orgs/{tenant}/log-streams/{id}/report": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getLogStreamReport"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/log-streams/{id}/pause": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations["pauseLogStream"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/log-streams/{id}/resume": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations["resumeLogStream"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/log-streams/{id}/rewind": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations["rewindLogStream"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/signing-keys": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["listSigningKeys"];
    put?: never;
    post: operations["createSigningKey"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/signing-keys/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete: operations["revokeSigningKey"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/actions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["listActions"];
    put?: never;
    post: operations["createAction"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/actions/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getAction"];
    put?: never;
    post?: never;
    delete: operations["deleteAction"];
    options?: never;
    head?: never;
    patch: operations["updateAction"];
    trace?: never;
  };
  "/v1/orgs/{tenant}/actions/{id}/invocations": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["listInvocations"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/actions/{id}/rotate-secret": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations["rotateActionSecret"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/actions/{id}/reenable": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations["reenableAction"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/actions/{trigger}/ask": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations["askAction"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/actions/{id}/test": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations["testAction"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/api-keys": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["listApiKeys"];
    put?: never;
    post: operations["createApiKey"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/api-keys/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete: operations["revokeApiKey"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/portal-tokens": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations["createPortalToken"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/mcp": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: operations["callMcp"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/webhook-endpoints/{id}/history": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getEndpointHistory"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/orgs/{tenant}/audit": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["listAudit"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/.well-known/orgs/{tenant}/webhook-endpoints/{id}/jwks.json": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getPublicKeys"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/endpoints": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["listAllEndpoints"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/tenants": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["listTenants"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/overview": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getOverview"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/session": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getSession"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/openapi.json": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getOpenapi"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/llms.txt": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getLlmsText"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/metrics": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getMetrics"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/healthz": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getHealth"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/readyz": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations["getReadiness"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Error: {
      error: {
        code: string;
        message: string;
        remedy: string;
        path?: string;
        requestId: string;
      };
    };
    Endpoint: {
      id: string;
      contract: string;
      url: string;
      description: string | null;
      events: string[];
      enabled: boolean;
      paused: boolean;
      filter: string | null;
      headers: {
        [key: string]: string;
      };
      metadata: {
        [key: string]: string;
      };
      ratePerSecond: number | null;
      inFlightMax: number | null;
      hasSecret: boolean;
      publicKey: string | null;
      previousSecretExpiresAt: string | null;
      breaker: ("closed" | "open") | null;
      failureCount: number;
      lastFailedAt: string | null;
      lastFailureStatus: number | null;
      expiresAt: string | null;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    Delivery: {
      id: string;
      eventId: string;
      endpointId: string;
      eventType: string;
      status: string;
      attemptCount: number;
      nextAttemptAt: string | null;
      lastResponseStatus: number | null;
      lastError: string | null;
      deliveredAt: string | null;
      /** Format: date-time */
      createdAt: string;
    };
    Redelivery: {
      id: string;
      endpointId: string;
      state: "running" | "finished" | "cancelled" | "failed";
      filter: {
        types: string[] | null;
        statuses: string[] | null;
        from: string | null;
        until: string | null;
        missed: boolean;
      };
      ratePerSecond: number | null;
      found: number;
      counted: boolean;
      redelivered: number;
      delivered: number;
      failed: number;
      waiting: number;
      remaining: number;
      /** Format: date-time */
      startedAt: string;
      finishedAt: string | null;
    };
    ApiKey: {
      id: string;
      role: "member" | "admin" | "owner";
      description: string | null;
      /** Format: date-time */
      createdAt: string;
      expiresAt: string | null;
      lastUsedAt: string | null;
    };
    FeedConsumer: {
      name: string;
      contract: string;
      cursor: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    LogStream: {
      id: string;
      contract: string;
      status: "active" | "paused";
      settings: {
        [key: string]: unknown;
      };
      hasAuthorization: boolean;
      hasNoticeUrl: boolean;
      onExhausted: "skip" | "hold";
      position: number;
      checkpoint: string | null;
      oldestUndeliveredAt: string | null;
      batch: {
        upTo: number;
        attemptCount: number;
      } | null;
      /** Format: date-time */
      dueAt: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    StreamRun: {
      number: number;
      /** Format: date-time */
      start: string;
      /** Format: date-time */
      end: string;
      result: "delivered" | "held" | "skipped";
      logsProcessed: number;
      attempts: number;
      startCheckpoint: string | null;
      checkpoint: string | null;
      status: number | null;
      error: string | null;
      warning: string | null;
    };
    SigningKey: {
      id: string;
      contract: string;
      /** Format: date-time */
      createdAt: string;
    };
    Action: {
      id: string;
      contract: string;
      trigger: string;
      url: string;
      timeoutMs: number;
      failMode: "open" | "closed";
      enabled: boolean;
      secretStorage: "sealed" | "memory";
      secretFingerprint: string | null;
      killedAt: string | null;
      killedReason: string | null;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    WebhookEvent: unknown;
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listEventTypes: {
    parameters: {
      query?: {
        contract?: string;
        view?: "summary";
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            contracts: {
              id: string;
              title: string;
              doc: string;
              url: {
                schemes: string[];
                lengthMax: number;
              };
              headers: {
                [key: string]: string;
              };
              userAgent: string;
              signatureAlgorithm: string | null;
              toleranceSeconds: number | null;
              tenantMember: string | null;
              dataKey: string | null;
              subscription: {
                wildcard: string;
                prefixes: boolean;
                default?: string;
              } | null;
              timeoutSeconds: number;
              attemptsMax: number | null;
              mode: "push" | "stream" | "action";
            }[];
            eventTypes: {
              type: string;
              contract: string;
              group: string;
              summary: string;
              details?: string;
              deprecated?: string | null;
              title?: string | null;
              level?: number | null;
              since?: string | null;
              schema?: unknown;
              meta?: unknown;
              examples?: {
                name: string;
                data: unknown;
                meta?: unknown;
              }[];
            }[];
          };
        };
      };
    };
  };
  getEventType: {
    parameters: {
      query?: {
        contract?: string;
      };
      header?: never;
      path: {
        type: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            eventType: {
              type: string;
              contract: string;
              group: string;
              summary: string;
              details: string;
              deprecated: string | null;
              title: string | null;
              level: number | null;
              since: string | null;
              schema: unknown;
              meta: unknown;
              examples: {
                name: string;
                data: unknown;
                meta?: unknown;
                body: unknown;
              }[];
            };
          };
        };
      };
    };
  };
  emitEvents: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          events: {
            type: string;
            data: unknown;
            meta?: unknown;
            contract?: string;
            idempotencyKey?: string;
          }[];
        };
      };
    };
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            events: {
              event: {
                id: string;
                type: string;
                contract: string;
                /** Format: date-time */
                createdAt: string;
              };
              created: boolean;
            }[];
          };
        };
      };
    };
  };
  listEvents: {
    parameters: {
      query?: {
        types?: string;
        from?: string;
        until?: string;
        contract?: string;
        cursor?: string;
        consumer?: string;
        limit?: number;
        wait?: number;
      };
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            events: components["schemas"]["WebhookEvent"][];
            nextCursor: string;
          };
        };
      };
    };
  };
  emitEvent: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          type: string;
          data: unknown;
          meta?: unknown;
          contract?: string;
          idempotencyKey?: string;
        };
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            event: {
              id: string;
              type: string;
              contract: string;
              /** Format: date-time */
              createdAt: string;
            };
            created: boolean;
          };
        };
      };
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            event: {
              id: string;
              type: string;
              contract: string;
              /** Format: date-time */
              createdAt: string;
            };
            created: boolean;
          };
        };
      };
    };
  };
  exportEvents: {
    parameters: {
      query?: {
        types?: string;
        from?: string;
        until?: string;
        contract?: string;
        cursor?: string;
      };
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/x-ndjson": string;
        };
      };
    };
  };
  getEvent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            event: {
              id: string;
              type: string;
              contract: string;
              /** Format: date-time */
              createdAt: string;
              body: components["schemas"]["WebhookEvent"] | null;
            };
          };
        };
      };
    };
  };
  getEventBody: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/plain": string;
        };
      };
    };
  };
  explainEvent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            event: {
              id: string;
              type: string;
              contract: string;
              /** Format: date-time */
              createdAt: string;
            };
            endpoints: {
              endpointId: string;
              contract: string;
              url: string;
              deleted: boolean;
              outcome: string;
              reason: string;
              decidedBy: {
                id: string;
                type: string;
                /** Format: date-time */
                at: string;
              } | null;
              heldBackBy: string | null;
              waitsFor: string | null;
              deliveries: components["schemas"]["Delivery"][];
            }[];
            logStreams: {
              logStreamId: string;
              outcome: string;
              reason: string;
            }[];
          };
        };
      };
    };
  };
  eraseEvent: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            erased: {
              eventId: string;
              dropped: number;
              sentTo: string[];
              passedBy: string[];
              frozenBy: string[];
            };
          };
        };
      };
    };
  };
  listFeedConsumers: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            consumers: components["schemas"]["FeedConsumer"][];
          };
        };
      };
    };
  };
  getFeedConsumer: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            consumer: components["schemas"]["FeedConsumer"];
          };
        };
      };
    };
  };
  createFeedConsumer: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          contract?: string;
          from?: "beginning" | "end";
        };
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            consumer: components["schemas"]["FeedConsumer"];
          };
        };
      };
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            consumer: components["schemas"]["FeedConsumer"];
          };
        };
      };
    };
  };
  deleteFeedConsumer: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  commitFeedConsumer: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          cursor: string;
        };
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            consumer: components["schemas"]["FeedConsumer"];
          };
        };
      };
    };
  };
  seekFeedConsumer: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          to: "beginning" | "end" | "time" | "event";
          /** Format: date-time */
          time?: string;
          event?: string;
        };
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            consumer: components["schemas"]["FeedConsumer"];
          };
        };
      };
    };
  };
  listEndpoints: {
    parameters: {
      query?: {
        contract?: string;
        after?: string;
        limit?: number;
      };
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            endpoints: components["schemas"]["Endpoint"][];
            hasMore: boolean;
          };
        };
      };
    };
  };
  createEndpoint: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          url: string;
          description?: string | null;
          events?: string[];
          contract?: string;
          paused?: boolean;
          filter?: string | null;
          headers?: {
            [key: string]: string;
          };
          metadata?: {
            [key: string]: string;
          };
          ratePerSecond?: number | null;
          inFlightMax?: number | null;
        };
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            endpoint: components["schemas"]["Endpoint"];
            signingSecret: string | null;
          };
        };
      };
    };
  };
  getEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            endpoint: components["schemas"]["Endpoint"];
          };
        };
      };
    };
  };
  deleteEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  updateEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          url?: string;
          description?: string | null;
          events?: string[];
          enabled?: boolean;
          paused?: boolean;
          filter?: string | null;
          headers?: {
            [key: string]: string;
          };
          metadata?: {
            [key: string]: string;
          };
          ratePerSecond?: number | null;
          inFlightMax?: number | null;
        };
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            endpoint: components["schemas"]["Endpoint"];
          };
        };
      };
    };
  };
  rotateEndpointSecret: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          overlapSeconds?: number;
        } | null;
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            endpoint: components["schemas"]["Endpoint"];
            signingSecret: string | null;
          };
        };
      };
    };
  };
  tryFilter: {
    parameters: {
      query: {
        filter: string;
        contract?: string;
      };
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            looked: number;
            passed: number;
            examples: {
              id: string;
              type: string;
              /** Format: date-time */
              createdAt: string;
            }[];
          };
        };
      };
    };
  };
  listDeliveries: {
    parameters: {
      query?: {
        before?: string;
        limit?: number;
        state?: "pending" | "delivered" | "failed";
        types?: string;
        status?: string;
        from?: string;
        until?: string;
        undelivered?: "true";
      };
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            deliveries: components["schemas"]["Delivery"][];
            hasMore: boolean;
          };
        };
      };
    };
  };
  sendMissedEvent: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          eventId: string;
          dryRun?: boolean;
        };
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** @enum {boolean} */
            dryRun: true;
            eventId: string;
          };
        };
      };
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            delivery: components["schemas"]["Delivery"];
          };
        };
      };
    };
  };
  getDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
        delivery: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            delivery: {
              id: string;
              eventId: string;
              endpointId: string;
              eventType: string;
              status: string;
              attemptCount: number;
              nextAttemptAt: string | null;
              lastResponseStatus: number | null;
              lastError: string | null;
              deliveredAt: string | null;
              /** Format: date-time */
              createdAt: string;
              attempts: {
                id: string;
                number: number;
                /** Format: date-time */
                startedAt: string;
                durationMs: number;
                status: number | null;
                error: string | null;
                state: string;
                requestHeaders: {
                  [key: string]: string;
                };
                responseHeaders: {
                  [key: string]: string;
                } | null;
                headersCut: boolean;
                responseBody: string | null;
              }[];
            };
          };
        };
      };
    };
  };
  redeliver: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
        id: string;
        delivery: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            delivery: components["schemas"]["Delivery"];
          };
        };
      };
    };
  };
  listTenantDeliveries: {
    parameters: {
      query?: {
        state?: "pending" | "delivered" | "failed";
        types?: string;
        from?: string;
        until?: string;
        text?: string;
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            deliveries: {
              id: string;
              eventId: string;
              endpointId: string;
              eventType: string;
              status: string;
              attemptCount: number;
              nextAttemptAt: string | null;
              lastResponseStatus: number | null;
              lastError: string | null;
              deliveredAt: string | null;
              /** Format: date-time */
              createdAt: string;
              tenant: string;
              contract: string;
              endpointUrl: string;
              state: "pending" | "delivered" | "failed";
              /** Format: date-time */
              eventAt: string;
              lastStartedAt: string | null;
              lastDurationMs: number | null;
            }[];
            nextCursor: string | null;
            lookedBackTo: string | null;
          };
        };
      };
    };
  };
  listAllDeliveries: {
    parameters: {
      query?: {
        state?: "pending" | "delivered" | "failed";
        types?: string;
        from?: string;
        until?: string;
        text?: string;
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            deliveries: {
              id: string;
              eventId: string;
              endpointId: string;
              eventType: string;
              status: string;
              attemptCount: number;
              nextAttemptAt: string | null;
              lastResponseStatus: number | null;
              lastError: string | null;
              deliveredAt: string | null;
              /** Format: date-time */
              createdAt: string;
              tenant: string;
              contract: string;
              endpointUrl: string;
              state: "pending" | "delivered" | "failed";
              /** Format: date-time */
              eventAt: string;
              lastStartedAt: string | null;
              lastDurationMs: number | null;
            }[];
            nextCursor: string | null;
            lookedBackTo: string | null;
          };
        };
      };
    };
  };
  getTenantCounts: {
    parameters: {
      query?: {
        period?: "1h" | "24h" | "7d" | "30d";
      };
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** Format: date-time */
            since: string;
            pieceSeconds: number;
            isWhole: boolean;
            /** Format: date-time */
            countedSince: string;
            endpoints: {
              endpointId: string;
              delivered: number[];
              retried: number[];
              failed: number[];
            }[];
          };
        };
      };
    };
  };
  getCounts: {
    parameters: {
      query?: {
        period?: "1h" | "24h" | "7d" | "30d";
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** Format: date-time */
            since: string;
            pieceSeconds: number;
            isWhole: boolean;
            /** Format: date-time */
            countedSince: string;
            endpoints: {
              endpointId: string;
              delivered: number[];
              retried: number[];
              failed: number[];
            }[];
          };
        };
      };
    };
  };
  listRedeliveries: {
    parameters: {
      query?: {
        before?: string;
        limit?: number;
      };
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            redeliveries: components["schemas"]["Redelivery"][];
            hasMore: boolean;
          };
        };
      };
    };
  };
  startRedelivery: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          types?: string[];
          status?: string;
          /** Format: date-time */
          from?: string;
          /** Format: date-time */
          until?: string;
          /** @enum {boolean} */
          undelivered?: true;
          /** @enum {boolean} */
          missed?: true;
          ratePerSecond?: number;
          dryRun?: boolean;
        };
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** @enum {boolean} */
            dryRun: true;
            found: number;
            isWhole: boolean;
            examples: components["schemas"]["Delivery"][];
            events: {
              id: string;
              type: string;
              /** Format: date-time */
              createdAt: string;
            }[];
          };
        };
      };
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            redelivery: components["schemas"]["Redelivery"];
          };
        };
      };
    };
  };
  getRedelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
        redelivery: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            redelivery: components["schemas"]["Redelivery"];
          };
        };
      };
    };
  };
  cancelRedelivery: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
        id: string;
        redelivery: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            redelivery: components["schemas"]["Redelivery"];
          };
        };
      };
    };
  };
  testEndpoint: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          type: string;
          example?: string;
        };
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** @enum {boolean} */
            test: true;
            eventId: string;
            request: {
              body: string;
            };
            response: {
              delivered: boolean;
              status: number | null;
              error: string | null;
              durationMs: number;
              body: string | null;
            };
          };
        };
      };
    };
  };
  listLogStreams: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            logStreams: components["schemas"]["LogStream"][];
          };
        };
      };
    };
  };
  createLogStream: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          contract: string;
          settings: {
            [key: string]: unknown;
          };
          onExhausted?: "skip" | "hold";
        };
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            logStream: components["schemas"]["LogStream"];
          };
        };
      };
    };
  };
  getLogStream: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            logStream: components["schemas"]["LogStream"];
          };
        };
      };
    };
  };
  deleteLogStream: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  updateLogStream: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          settings?: {
            [key: string]: unknown;
          };
          onExhausted?: "skip" | "hold";
        };
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            logStream: components["schemas"]["LogStream"];
          };
        };
      };
    };
  };
  getLogStreamReport: {
    parameters: {
      query?: {
        filter?: "errors";
        page?: number;
        per_page?: number;
      };
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            logs: components["schemas"]["StreamRun"][];
            total: number;
            lastRun: string | null;
          };
        };
      };
    };
  };
  pauseLogStream: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            logStream: components["schemas"]["LogStream"];
          };
        };
      };
    };
  };
  resumeLogStream: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            logStream: components["schemas"]["LogStream"];
          };
        };
      };
    };
  };
  rewindLogStream: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          position?: number;
          eventId?: string;
          /** Format: date-time */
          time?: string;
        };
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            logStream: components["schemas"]["LogStream"];
          };
        };
      };
    };
  };
  listSigningKeys: {
    parameters: {
      query: {
        contract: string;
      };
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            signingKeys: components["schemas"]["SigningKey"][];
          };
        };
      };
    };
  };
  createSigningKey: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          contract: string;
        };
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            signingKey: components["schemas"]["SigningKey"];
            key: string;
          };
        };
      };
    };
  };
  revokeSigningKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  listActions: {
    parameters: {
      query?: {
        contract?: string;
      };
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            actions: components["schemas"]["Action"][];
          };
        };
      };
    };
  };
  createAction: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          trigger: string;
          url: string;
          timeoutMs?: number;
          failMode?: "open" | "closed";
          enabled?: boolean;
          secretStorage?: "sealed" | "memory";
          contract?: string;
        };
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            action: components["schemas"]["Action"];
            signingSecret: string;
          };
        };
      };
    };
  };
  getAction: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            action: components["schemas"]["Action"];
          };
        };
      };
    };
  };
  deleteAction: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  updateAction: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          url?: string;
          timeoutMs?: number;
          failMode?: "open" | "closed";
          enabled?: boolean;
        };
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            action: components["schemas"]["Action"];
          };
        };
      };
    };
  };
  listInvocations: {
    parameters: {
      query?: {
        limit?: number;
      };
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            invocations: {
              id: string;
              actionId: string;
              trigger: string;
              status: string;
              durationMs: number;
              httpStatus: number | null;
              error: string | null;
              responseSha256: string | null;
              override: boolean;
              denyCode: string | null;
              denyReason: string | null;
              isTest: boolean;
              /** Format: date-time */
              createdAt: string;
            }[];
          };
        };
      };
    };
  };
  rotateActionSecret: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            action: components["schemas"]["Action"];
            signingSecret: string;
          };
        };
      };
    };
  };
  reenableAction: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            action: components["schemas"]["Action"];
          };
        };
      };
    };
  };
  askAction: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
        trigger: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          data: unknown;
          contract?: string;
          settings?: {
            [key: string]: boolean | string[];
          };
        };
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            outcome: {
              decision: "allow" | "deny";
              status: string | null;
              code: string | null;
              reason: string | null;
              overrides: {
                [key: string]: unknown;
              };
              isOverride: boolean;
              verdict: {
                [key: string]: unknown;
              } | null;
              actionId: string | null;
              invocationId: string | null;
              httpStatus: number | null;
              error: string | null;
              durationMs: number;
            };
          };
        };
      };
    };
  };
  testAction: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            outcome: {
              decision: "allow" | "deny";
              status: string | null;
              code: string | null;
              reason: string | null;
              overrides: {
                [key: string]: unknown;
              };
              isOverride: boolean;
              verdict: {
                [key: string]: unknown;
              } | null;
              actionId: string | null;
              invocationId: string | null;
              httpStatus: number | null;
              error: string | null;
              durationMs: number;
            };
          };
        };
      };
    };
  };
  listApiKeys: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            apiKeys: components["schemas"]["ApiKey"][];
          };
        };
      };
    };
  };
  createApiKey: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          role: "member" | "admin" | "owner";
          description?: string | null;
          expiresAt?: string | null;
        };
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            apiKey: components["schemas"]["ApiKey"];
            key: string;
          };
        };
      };
    };
  };
  revokeApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  createPortalToken: {
    parameters: {
      query?: never;
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          scope: "read" | "manage";
          expiresInSeconds?: number;
        };
      };
    };
    responses: {
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            id: string;
            token: string;
            scope: "read" | "manage";
            /** Format: date-time */
            expiresAt: string;
          };
        };
      };
    };
  };
  callMcp: {
    parameters: {
      query?: {
        contract?: string;
      };
      header?: {
        "idempotency-key"?: string;
      };
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /** @enum {string} */
          jsonrpc: "2.0";
          id?: string | number;
          method: string;
          params?: unknown;
        };
      };
    };
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** @enum {string} */
            jsonrpc: "2.0";
            id: unknown;
            result?: unknown;
            error?: {
              code: number;
              message: string;
              data?: unknown;
            };
          };
        };
      };
      202: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  getEndpointHistory: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            entries: {
              id: string;
              /** Format: date-time */
              at: string;
              actorId: string | null;
              action: string;
              details: unknown;
            }[];
          };
        };
      };
    };
  };
  listAudit: {
    parameters: {
      query?: {
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            entries: {
              id: string;
              /** Format: date-time */
              at: string;
              actorId: string | null;
              action: string;
              details: unknown;
            }[];
            nextCursor: string;
          };
        };
      };
    };
  };
  getPublicKeys: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            keys: {
              /** @enum {string} */
              kty: "OKP";
              /** @enum {string} */
              crv: "Ed25519";
              x: string;
              kid: string;
              /** @enum {string} */
              alg: "EdDSA";
              /** @enum {string} */
              use: "sig";
            }[];
          };
        };
      };
    };
  };
  listAllEndpoints: {
    parameters: {
      query?: {
        condition?: "failing" | "paused" | "disabled";
        text?: string;
        cursor?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            endpoints: {
              tenant: string;
              endpoint: components["schemas"]["Endpoint"];
            }[];
            nextCursor: string | null;
          };
        };
      };
    };
  };
  listTenants: {
    parameters: {
      query?: {
        after?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            tenants: string[];
            hasMore: boolean;
          };
        };
      };
    };
  };
  getOverview: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            endpoints: {
              total: number;
              failing: number;
              paused: number;
              disabled: number;
              isWhole: boolean;
            };
            pending: {
              count: number;
              isWhole: boolean;
            };
            unserved: {
              waitsFor: string;
              count: number;
              isServed: boolean;
            }[];
            oldestWriteAgeMs: number | null;
          };
        };
      };
    };
  };
  getSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            kind: "operator" | "key" | "portal";
            id: string;
            tenant: string | null;
            role: string | null;
            canChange: boolean;
            expiresAt: string | null;
          };
        };
      };
    };
  };
  getOpenapi: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": Record<string, never>;
        };
      };
    };
  };
  getLlmsText: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/plain": string;
        };
      };
    };
  };
  getMetrics: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/plain": string;
        };
      };
    };
  };
  getHealth: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** @enum {string} */
            status: "ok";
          };
        };
      };
    };
  };
  getReadiness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** @enum {string} */
            status: "ok";
          };
        };
      };
    };
  };
}
