CREATE TABLE "hookwright_migrations" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null);

CREATE TABLE "hookwright_migrations_lock" ("id" varchar(255) not null primary key, "is_locked" integer default 0 not null);

CREATE TABLE hookwright_pruning (
  only_row integer not null primary key check (only_row = 1)
) without rowid, strict;

CREATE TABLE hookwright_events (
  position integer primary key,
  id text not null unique,
  contract text not null,
  type text not null,
  tenant text not null,
  shard integer not null,
  time integer not null,
  body text not null,
  idempotency_key text
, trace text) strict;

CREATE UNIQUE INDEX hookwright_events_idempotency on hookwright_events (contract, tenant, idempotency_key)
  where idempotency_key is not null;

CREATE TRIGGER "hookwright_events_no_delete" before delete on "hookwright_events" when not exists (select 1 from hookwright_pruning) begin
  select raise(abort, 'hookwright_events is append-only and refuses DELETE: what happened stays; append another event that corrects it');
end;

CREATE INDEX hookwright_events_feed on hookwright_events (tenant, position);

CREATE INDEX hookwright_events_facts on hookwright_events (tenant, position) where contract = 'hookwright';

CREATE TABLE hookwright_owners (
  owner text not null primary key,
  until integer not null
) without rowid, strict;

CREATE TABLE hookwright_shards (
  shard integer not null primary key,
  cursor integer not null default 0,
  owner text,
  epoch integer not null default 0,
  until integer not null default 0
, need text) strict;

CREATE TABLE hookwright_diversions (
  tenant text not null primary key,
  shard integer not null,
  cursor integer not null
) without rowid, strict;

CREATE INDEX hookwright_diversions_shard on hookwright_diversions (shard);

CREATE TABLE hookwright_endpoints (
  key integer primary key,
  id text not null unique,
  contract text not null,
  tenant text not null,
  shard integer not null,
  url text not null,
  description text,
  events text not null,
  enabled integer not null check (enabled in (0, 1)),
  sealed_secret text not null,
  previous_sealed_secret text,
  previous_secret_expires_at integer,
  failure_count integer not null default 0,
  last_failed_at integer,
  last_failure_status integer,
  created_at integer not null,
  updated_at integer not null,
  deleted_at integer
, paused integer not null default 0 check (paused in (0, 1)), filter text, headers text not null default '{}', metadata text not null default '{}', rate_per_second integer, in_flight_max integer, public_key text, declaration integer, subscriber text, expires_at integer, proven_at integer, subscribed_by text) strict;

CREATE INDEX hookwright_endpoints_tenant on hookwright_endpoints (tenant, key);

CREATE TABLE hookwright_attempts (
  endpoint_key integer not null references hookwright_endpoints (key),
  position integer not null,
  started_at integer not null,
  run integer not null,
  number integer not null,
  duration_ms integer not null,
  status integer,
  result text not null check (result in ('delivered', 'retry', 'rejected', 'exhausted')),
  error text,
  response_body blob, own_headers blob, response_headers blob,
  primary key (endpoint_key, position, run, number)
) without rowid, strict;

CREATE TRIGGER "hookwright_attempts_no_delete" before delete on "hookwright_attempts" when not exists (select 1 from hookwright_pruning) begin
  select raise(abort, 'hookwright_attempts is append-only and refuses DELETE: an attempt was made or was not; redeliver the event for another one');
end;

CREATE TABLE hookwright_pending (
  endpoint_key integer not null references hookwright_endpoints (key),
  position integer not null,
  due_at integer not null,
  run integer not null,
  attempt_count integer not null, redelivery_key integer, aside integer,
  primary key (endpoint_key, position, run)
) without rowid, strict;

CREATE TABLE hookwright_api_keys (
  id text not null primary key,
  tenant text not null,
  role text not null check (role in ('member', 'admin', 'owner')),
  description text,
  hash text not null unique,
  created_at integer not null
, expires_at integer, last_used_at integer) without rowid, strict;

CREATE INDEX hookwright_api_keys_tenant on hookwright_api_keys (tenant, created_at, id);

CREATE TABLE hookwright_streams (
  key integer primary key,
  id text not null unique,
  tenant text not null,
  contract text not null,
  shard integer not null,
  state text not null check (state in ('active', 'paused')),
  settings text not null,
  delay_ms integer not null,
  is_scheduled integer not null check (is_scheduled in (0, 1)),
  sealed_authorization text,
  sealed_notice_url text,
  created_at integer not null,
  updated_at integer not null,
  deleted_at integer
) strict;

CREATE INDEX hookwright_streams_tenant on hookwright_streams (tenant, key);

CREATE INDEX hookwright_streams_shard on hookwright_streams (shard, key);

CREATE TABLE hookwright_stream_cursors (
  stream_key integer not null primary key references hookwright_streams (key),
  position integer not null,
  batch_up_to integer,
  due_at integer not null,
  reported_at integer not null default 0,
  attempt_count integer not null default 0,
  generation integer not null default 0,
  run_count integer not null default 0,
  batch_filter text,
  checkpoint text
) strict;

CREATE TABLE hookwright_stream_runs (
  stream_key integer not null references hookwright_streams (key),
  started_at integer not null,
  ended_at integer not null,
  number integer not null,
  record_count integer not null,
  attempt_count integer not null,
  status integer,
  result text not null check (result in ('delivered', 'held', 'skipped')),
  start_checkpoint text,
  checkpoint text,
  error text,
  warning text,
  primary key (stream_key, number)
) without rowid, strict;

CREATE TABLE hookwright_signing_keys (
  id text not null primary key,
  tenant text not null,
  contract text not null,
  sealed text not null,
  created_at integer not null
) without rowid, strict;

CREATE INDEX hookwright_signing_keys_tenant on hookwright_signing_keys (tenant, contract, created_at, id);

CREATE TABLE hookwright_actions (
  key integer primary key,
  id text not null unique,
  contract text not null,
  tenant text not null,
  trigger_name text not null,
  url text not null,
  timeout_ms integer not null,
  fail_mode text not null check (fail_mode in ('open', 'closed')),
  enabled integer not null check (enabled in (0, 1)),
  secret_storage text not null check (secret_storage in ('sealed', 'memory')),
  sealed_secret text,
  secret_hash text not null,
  killed_at integer,
  killed_reason text check ((killed_reason is null) = (killed_at is null)),
  counted_since integer not null,
  created_at integer not null,
  updated_at integer not null, shared_sealed_secret text,
  check ((sealed_secret is null) = (secret_storage = 'memory'))
) strict;

CREATE INDEX hookwright_actions_tenant on hookwright_actions (tenant, contract, trigger_name, key);

CREATE TABLE hookwright_invocations (
  action_key integer not null references hookwright_actions (key) on delete cascade,
  id text not null,
  trigger_name text not null,
  outcome text not null,
  duration_ms integer not null,
  http_status integer,
  error text,
  response_sha256 text,
  is_override integer not null check (is_override in (0, 1)),
  deny_code text,
  deny_reason text,
  is_test integer not null check (is_test in (0, 1)),
  created_at integer not null,
  primary key (action_key, id)
) without rowid, strict;

CREATE TABLE hookwright_idempotency (
  tenant text not null,
  actor_id text not null,
  key text not null,
  fingerprint text not null,
  claimed_at integer not null,
  status integer,
  sealed_answer text,
  primary key (tenant, actor_id, key)
) without rowid, strict;

CREATE INDEX hookwright_idempotency_claimed on hookwright_idempotency (claimed_at);

CREATE TABLE hookwright_portal_tokens (
  id text not null primary key,
  tenant text not null,
  scope text not null check (scope in ('read', 'manage')),
  hash text not null unique,
  expires_at integer not null
) without rowid, strict;

CREATE INDEX hookwright_portal_tokens_tenant on hookwright_portal_tokens (tenant, expires_at);

CREATE TABLE hookwright_feed_consumers (
  tenant text not null,
  name text not null,
  contract text not null,
  position integer not null,
  created_at integer not null,
  updated_at integer not null,
  primary key (tenant, name)
) without rowid, strict;

CREATE TABLE hookwright_redeliveries (
  key integer primary key,
  id text not null unique,
  endpoint_key integer not null references hookwright_endpoints (key),
  shard integer not null,
  state text not null check (state in ('running', 'finished', 'cancelled', 'failed')),
  filter text not null,
  rate_per_second integer,
  up_to integer not null,
  counted_to integer not null default 0,
  cursor integer not null default 0,
  found_count integer not null default 0,
  redelivered_count integer not null default 0,
  delivered_count integer not null default 0,
  failed_count integer not null default 0,
  due_at integer not null,
  created_at integer not null,
  finished_at integer
) strict;

CREATE INDEX hookwright_redeliveries_endpoint on hookwright_redeliveries (endpoint_key, key);

CREATE INDEX hookwright_redeliveries_running on hookwright_redeliveries (shard, due_at) where state = 'running';

CREATE VIEW hookwright_log as
  select position, id, contract, type, tenant, shard, time, body, idempotency_key, trace from hookwright_events;

CREATE TABLE hookwright_redelivered (
  endpoint_key integer not null references hookwright_endpoints (key),
  position integer not null,
  created_at integer not null,
  run integer not null,
  primary key (endpoint_key, position, run)
) without rowid, strict;

CREATE UNIQUE INDEX hookwright_shards_need on hookwright_shards (need) where need is not null;

CREATE INDEX hookwright_pending_due on hookwright_pending (endpoint_key, due_at, position, run, aside)
  where aside is null;

CREATE INDEX hookwright_pending_aside on hookwright_pending (endpoint_key, aside, due_at, position, run)
  where aside is not null;

CREATE TABLE hookwright_backlog (
  endpoint_key integer not null references hookwright_endpoints (key),
  head_at integer not null,
  shard integer not null,
  primary key (endpoint_key, shard)
) strict;

CREATE INDEX hookwright_backlog_head on hookwright_backlog (shard, head_at, endpoint_key);

CREATE TABLE hookwright_declarations (
  contract text not null,
  hash text not null,
  number integer not null,
  primary key (contract, hash)
) without rowid, strict;

CREATE TABLE hookwright_processes (
  id text not null primary key,
  host text not null,
  pid integer not null,
  key_ids text not null,
  seen_at integer not null
) without rowid, strict;

CREATE INDEX hookwright_endpoints_held on hookwright_endpoints (enabled, key)
  where (enabled = 0 or paused = 1) and deleted_at is null;

CREATE INDEX hookwright_actions_shared on hookwright_actions (key) where shared_sealed_secret is not null;

CREATE TABLE hookwright_erasing (
  only_row integer not null primary key check (only_row = 1)
) without rowid, strict;

CREATE TRIGGER "hookwright_events_no_update" before update on "hookwright_events"
when not exists (select 1 from hookwright_erasing) or new.body <> '' begin
  select raise(abort, 'hookwright_events is append-only and refuses UPDATE: what happened stays; append another event that corrects it');
end;

CREATE TRIGGER "hookwright_attempts_no_update" before update on "hookwright_attempts"
when not exists (select 1 from hookwright_erasing) or new.response_body is not null begin
  select raise(abort, 'hookwright_attempts is append-only and refuses UPDATE: an attempt was made or was not; redeliver the event for another one');
end;

CREATE INDEX hookwright_endpoints_expiry on hookwright_endpoints (expires_at)
  where expires_at is not null and deleted_at is null;

CREATE TABLE hookwright_pruned_to (
  only_row integer not null primary key check (only_row = 1),
  position integer not null
) without rowid, strict;

CREATE INDEX hookwright_attempts_failed on hookwright_attempts (position, endpoint_key, run)
  where result in ('rejected', 'exhausted');

CREATE INDEX hookwright_attempts_failed_of on hookwright_attempts (endpoint_key, position, run)
  where result in ('rejected', 'exhausted');
