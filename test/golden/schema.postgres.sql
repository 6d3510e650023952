table hookwright_actions
  key bigint not null generated always as identity
  id text not null
  contract text not null
  tenant text not null
  trigger_name text not null
  url text not null
  timeout_ms integer not null
  fail_mode text not null
  enabled integer not null
  secret_storage text not null
  sealed_secret text
  secret_hash text not null
  killed_at bigint
  killed_reason text
  counted_since bigint not null
  created_at bigint not null
  updated_at bigint not null
  shared_sealed_secret text
  hookwright_actions_check CHECK (((killed_reason IS NULL) = (killed_at IS NULL)))
  hookwright_actions_check1 CHECK (((sealed_secret IS NULL) = (secret_storage = 'memory'::text)))
  hookwright_actions_enabled_check CHECK ((enabled = ANY (ARRAY[0, 1])))
  hookwright_actions_fail_mode_check CHECK ((fail_mode = ANY (ARRAY['open'::text, 'closed'::text])))
  hookwright_actions_id_key UNIQUE (id)
  hookwright_actions_pkey PRIMARY KEY (key)
  hookwright_actions_secret_storage_check CHECK ((secret_storage = ANY (ARRAY['sealed'::text, 'memory'::text])))
table hookwright_api_keys
  id text not null
  tenant text not null
  role text not null
  description text
  hash text not null
  created_at bigint not null
  expires_at bigint
  last_used_at bigint
  hookwright_api_keys_hash_key UNIQUE (hash)
  hookwright_api_keys_pkey PRIMARY KEY (id)
  hookwright_api_keys_role_check CHECK ((role = ANY (ARRAY['member'::text, 'admin'::text, 'owner'::text])))
table hookwright_attempts
  endpoint_key bigint not null
  position bigint not null
  started_at bigint not null
  run integer not null
  number integer not null
  duration_ms integer not null
  status integer
  result text not null
  error text
  response_body bytea
  own_headers bytea
  response_headers bytea
  hookwright_attempts_pkey PRIMARY KEY (endpoint_key, "position", run, number)
  hookwright_attempts_result_check CHECK ((result = ANY (ARRAY['delivered'::text, 'retry'::text, 'rejected'::text, 'exhausted'::text])))
table hookwright_backlog
  endpoint_key bigint not null
  head_at bigint not null
  shard integer not null
  hookwright_backlog_pkey PRIMARY KEY (endpoint_key, shard)
table hookwright_declarations
  contract text not null
  hash text not null
  number integer not null
  hookwright_declarations_pkey PRIMARY KEY (contract, hash)
table hookwright_diversions
  tenant text not null
  shard integer not null
  cursor bigint not null
  hookwright_diversions_pkey PRIMARY KEY (tenant)
table hookwright_endpoints
  key bigint not null generated always as identity
  id text not null
  contract text not null
  tenant text not null
  shard integer not null
  url text not null
  description text
  events text not null
  enabled integer not null
  sealed_secret text not null
  previous_sealed_secret text
  previous_secret_expires_at bigint
  failure_count integer not null default 0
  last_failed_at bigint
  last_failure_status integer
  created_at bigint not null
  updated_at bigint not null
  deleted_at bigint
  paused integer not null default 0
  filter text
  headers text not null default '{}'::text
  metadata text not null default '{}'::text
  rate_per_second integer
  in_flight_max integer
  public_key text
  declaration integer
  subscriber text
  expires_at bigint
  proven_at bigint
  subscribed_by text
  hookwright_endpoints_enabled_check CHECK ((enabled = ANY (ARRAY[0, 1])))
  hookwright_endpoints_id_key UNIQUE (id)
  hookwright_endpoints_paused_check CHECK ((paused = ANY (ARRAY[0, 1])))
  hookwright_endpoints_pkey PRIMARY KEY (key)
table hookwright_erasing
  only_row integer not null
  hookwright_erasing_only_row_check CHECK ((only_row = 1))
  hookwright_erasing_pkey PRIMARY KEY (only_row)
table hookwright_events
  seq bigint not null generated always as identity
  xid xid8 not null default pg_current_xact_id()
  id text not null
  contract text not null
  type text not null
  tenant text not null
  shard integer not null
  time bigint not null
  body text not null
  idempotency_key text
  trace text
  hookwright_events_id_key UNIQUE (id)
  hookwright_events_pkey PRIMARY KEY (seq)
table hookwright_feed_consumers
  tenant text not null
  name text not null
  contract text not null
  position bigint not null
  created_at bigint not null
  updated_at bigint not null
  hookwright_feed_consumers_pkey PRIMARY KEY (tenant, name)
table hookwright_idempotency
  tenant text not null
  actor_id text not null
  key text not null
  fingerprint text not null
  claimed_at bigint not null
  status integer
  sealed_answer text
  hookwright_idempotency_pkey PRIMARY KEY (tenant, actor_id, key)
table hookwright_invocations
  action_key bigint not null
  id text not null
  trigger_name text not null
  outcome text not null
  duration_ms integer not null
  http_status integer
  error text
  response_sha256 text
  is_override integer not null
  deny_code text
  deny_reason text
  is_test integer not null
  created_at bigint not null
  hookwright_invocations_action_key_fkey FOREIGN KEY (action_key) REFERENCES hookwright_actions(key) ON DELETE CASCADE
  hookwright_invocations_is_override_check CHECK ((is_override = ANY (ARRAY[0, 1])))
  hookwright_invocations_is_test_check CHECK ((is_test = ANY (ARRAY[0, 1])))
  hookwright_invocations_pkey PRIMARY KEY (action_key, id)
table hookwright_migrations
  name character varying(255) not null
  timestamp character varying(255) not null
  hookwright_migrations_pkey PRIMARY KEY (name)
table hookwright_migrations_lock
  id character varying(255) not null
  is_locked integer not null default 0
  hookwright_migrations_lock_pkey PRIMARY KEY (id)
table hookwright_owners
  owner text not null
  until bigint not null
  hookwright_owners_pkey PRIMARY KEY (owner)
table hookwright_pending
  endpoint_key bigint not null
  position bigint not null
  due_at bigint not null
  run integer not null
  attempt_count integer not null
  redelivery_key bigint
  aside integer
  hookwright_pending_pkey PRIMARY KEY (endpoint_key, "position", run)
table hookwright_portal_tokens
  id text not null
  tenant text not null
  scope text not null
  hash text not null
  expires_at bigint not null
  hookwright_portal_tokens_hash_key UNIQUE (hash)
  hookwright_portal_tokens_pkey PRIMARY KEY (id)
  hookwright_portal_tokens_scope_check CHECK ((scope = ANY (ARRAY['read'::text, 'manage'::text])))
table hookwright_positions
  position bigint not null
  event bigint not null
  shard integer not null
  contract text not null
  tenant text not null
  hookwright_positions_event_key UNIQUE (event)
  hookwright_positions_pkey PRIMARY KEY ("position")
table hookwright_processes
  id text not null
  host text not null
  pid integer not null
  key_ids text not null
  seen_at bigint not null
  hookwright_processes_pkey PRIMARY KEY (id)
table hookwright_pruned_to
  only_row integer not null
  position bigint not null
  hookwright_pruned_to_only_row_check CHECK ((only_row = 1))
  hookwright_pruned_to_pkey PRIMARY KEY (only_row)
table hookwright_pruning
  only_row integer not null
  hookwright_pruning_only_row_check CHECK ((only_row = 1))
  hookwright_pruning_pkey PRIMARY KEY (only_row)
table hookwright_redelivered
  endpoint_key bigint not null
  position bigint not null
  created_at bigint not null
  run integer not null
  hookwright_redelivered_pkey PRIMARY KEY (endpoint_key, "position", run)
table hookwright_redeliveries
  key bigint not null generated always as identity
  id text not null
  endpoint_key bigint not null
  shard integer not null
  state text not null
  filter text not null
  rate_per_second integer
  up_to bigint not null
  counted_to bigint not null default 0
  cursor bigint not null default 0
  found_count bigint not null default 0
  redelivered_count bigint not null default 0
  delivered_count bigint not null default 0
  failed_count bigint not null default 0
  due_at bigint not null
  created_at bigint not null
  finished_at bigint
  hookwright_redeliveries_id_key UNIQUE (id)
  hookwright_redeliveries_pkey PRIMARY KEY (key)
  hookwright_redeliveries_state_check CHECK ((state = ANY (ARRAY['running'::text, 'finished'::text, 'cancelled'::text, 'failed'::text])))
table hookwright_sequencer
  only_row integer not null default 1
  owner text
  epoch bigint not null default 0
  until bigint not null default 0
  last_xid xid8 not null default '0'::xid8
  last_seq bigint not null default 0
  last_position bigint not null default 0
  floor_seq bigint not null default 0
  system_identifier text not null
  hookwright_sequencer_only_row_check CHECK ((only_row = 1))
  hookwright_sequencer_pkey PRIMARY KEY (only_row)
table hookwright_sequencing
  only_row integer not null default 1
  owner text
  epoch bigint not null default 0
  until bigint not null default 0
  last_position bigint not null
  seen pg_snapshot not null
  reading pg_snapshot
  last_xid xid8 not null
  last_seq bigint not null
  floor_seq bigint not null
  system_identifier text not null
  hookwright_sequencing_only_row_check CHECK ((only_row = 1))
  hookwright_sequencing_pkey PRIMARY KEY (only_row)
table hookwright_shards
  shard integer not null
  cursor bigint not null default 0
  owner text
  epoch bigint not null default 0
  until bigint not null default 0
  need text
  hookwright_shards_pkey PRIMARY KEY (shard)
table hookwright_signing_keys
  id text not null
  tenant text not null
  contract text not null
  sealed text not null
  created_at bigint not null
  hookwright_signing_keys_pkey PRIMARY KEY (id)
table hookwright_stream_cursors
  stream_key bigint not null
  position bigint not null
  batch_up_to bigint
  due_at bigint not null
  reported_at bigint not null default 0
  attempt_count integer not null default 0
  generation integer not null default 0
  run_count integer not null default 0
  batch_filter text
  checkpoint text
  hookwright_stream_cursors_pkey PRIMARY KEY (stream_key)
  hookwright_stream_cursors_stream_key_fkey FOREIGN KEY (stream_key) REFERENCES hookwright_streams(key)
table hookwright_stream_runs
  stream_key bigint not null
  started_at bigint not null
  ended_at bigint not null
  number integer not null
  record_count integer not null
  attempt_count integer not null
  status integer
  result text not null
  start_checkpoint text
  checkpoint text
  error text
  warning text
  hookwright_stream_runs_pkey PRIMARY KEY (stream_key, number)
  hookwright_stream_runs_result_check CHECK ((result = ANY (ARRAY['delivered'::text, 'held'::text, 'skipped'::text])))
  hookwright_stream_runs_stream_key_fkey FOREIGN KEY (stream_key) REFERENCES hookwright_streams(key)
table hookwright_streams
  key bigint not null generated always as identity
  id text not null
  tenant text not null
  contract text not null
  shard integer not null
  state text not null
  settings text not null
  delay_ms bigint not null
  is_scheduled integer not null
  sealed_authorization text
  sealed_notice_url text
  created_at bigint not null
  updated_at bigint not null
  deleted_at bigint
  hookwright_streams_id_key UNIQUE (id)
  hookwright_streams_is_scheduled_check CHECK ((is_scheduled = ANY (ARRAY[0, 1])))
  hookwright_streams_pkey PRIMARY KEY (key)
  hookwright_streams_state_check CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text])))
CREATE UNIQUE INDEX hookwright_actions_id_key ON public.hookwright_actions USING btree (id)
CREATE UNIQUE INDEX hookwright_actions_pkey ON public.hookwright_actions USING btree (key)
CREATE INDEX hookwright_actions_shared ON public.hookwright_actions USING btree (key) WHERE (shared_sealed_secret IS NOT NULL)
CREATE INDEX hookwright_actions_tenant ON public.hookwright_actions USING btree (tenant, contract, trigger_name, key)
CREATE UNIQUE INDEX hookwright_api_keys_hash_key ON public.hookwright_api_keys USING btree (hash)
CREATE UNIQUE INDEX hookwright_api_keys_pkey ON public.hookwright_api_keys USING btree (id)
CREATE INDEX hookwright_api_keys_tenant ON public.hookwright_api_keys USING btree (tenant, created_at, id)
CREATE INDEX hookwright_attempts_failed ON public.hookwright_attempts USING btree ("position", endpoint_key, run) WHERE (result = ANY (ARRAY['rejected'::text, 'exhausted'::text]))
CREATE INDEX hookwright_attempts_failed_of ON public.hookwright_attempts USING btree (endpoint_key, "position", run) WHERE (result = ANY (ARRAY['rejected'::text, 'exhausted'::text]))
CREATE UNIQUE INDEX hookwright_attempts_pkey ON public.hookwright_attempts USING btree (endpoint_key, "position", run, number)
CREATE INDEX hookwright_backlog_head ON public.hookwright_backlog USING btree (shard, head_at, endpoint_key)
CREATE UNIQUE INDEX hookwright_backlog_pkey ON public.hookwright_backlog USING btree (endpoint_key, shard)
CREATE UNIQUE INDEX hookwright_declarations_pkey ON public.hookwright_declarations USING btree (contract, hash)
CREATE UNIQUE INDEX hookwright_diversions_pkey ON public.hookwright_diversions USING btree (tenant)
CREATE INDEX hookwright_diversions_shard ON public.hookwright_diversions USING btree (shard)
CREATE INDEX hookwright_endpoints_expiry ON public.hookwright_endpoints USING btree (expires_at) WHERE ((expires_at IS NOT NULL) AND (deleted_at IS NULL))
CREATE INDEX hookwright_endpoints_held ON public.hookwright_endpoints USING btree (enabled, key) WHERE (((enabled = 0) OR (paused = 1)) AND (deleted_at IS NULL))
CREATE UNIQUE INDEX hookwright_endpoints_id_key ON public.hookwright_endpoints USING btree (id)
CREATE UNIQUE INDEX hookwright_endpoints_pkey ON public.hookwright_endpoints USING btree (key)
CREATE INDEX hookwright_endpoints_tenant ON public.hookwright_endpoints USING btree (tenant, key)
CREATE UNIQUE INDEX hookwright_erasing_pkey ON public.hookwright_erasing USING btree (only_row)
CREATE UNIQUE INDEX hookwright_events_id_key ON public.hookwright_events USING btree (id)
CREATE UNIQUE INDEX hookwright_events_idempotency ON public.hookwright_events USING btree (contract, tenant, idempotency_key) WHERE (idempotency_key IS NOT NULL)
CREATE INDEX hookwright_events_order ON public.hookwright_events USING btree (xid, seq)
CREATE UNIQUE INDEX hookwright_events_pkey ON public.hookwright_events USING btree (seq)
CREATE UNIQUE INDEX hookwright_feed_consumers_pkey ON public.hookwright_feed_consumers USING btree (tenant, name)
CREATE INDEX hookwright_idempotency_claimed ON public.hookwright_idempotency USING btree (claimed_at)
CREATE UNIQUE INDEX hookwright_idempotency_pkey ON public.hookwright_idempotency USING btree (tenant, actor_id, key)
CREATE UNIQUE INDEX hookwright_invocations_pkey ON public.hookwright_invocations USING btree (action_key, id)
CREATE UNIQUE INDEX hookwright_migrations_lock_pkey ON public.hookwright_migrations_lock USING btree (id)
CREATE UNIQUE INDEX hookwright_migrations_pkey ON public.hookwright_migrations USING btree (name)
CREATE UNIQUE INDEX hookwright_owners_pkey ON public.hookwright_owners USING btree (owner)
CREATE INDEX hookwright_pending_aside ON public.hookwright_pending USING btree (endpoint_key, aside, due_at, "position", run) WHERE (aside IS NOT NULL)
CREATE INDEX hookwright_pending_due ON public.hookwright_pending USING btree (endpoint_key, due_at, "position", run, aside) WHERE (aside IS NULL)
CREATE UNIQUE INDEX hookwright_pending_pkey ON public.hookwright_pending USING btree (endpoint_key, "position", run)
CREATE UNIQUE INDEX hookwright_portal_tokens_hash_key ON public.hookwright_portal_tokens USING btree (hash)
CREATE UNIQUE INDEX hookwright_portal_tokens_pkey ON public.hookwright_portal_tokens USING btree (id)
CREATE INDEX hookwright_portal_tokens_tenant ON public.hookwright_portal_tokens USING btree (tenant, expires_at)
CREATE UNIQUE INDEX hookwright_positions_event_key ON public.hookwright_positions USING btree (event)
CREATE INDEX hookwright_positions_facts ON public.hookwright_positions USING btree (tenant, "position") WHERE (contract = 'hookwright'::text)
CREATE INDEX hookwright_positions_feed ON public.hookwright_positions USING btree (tenant, "position")
CREATE UNIQUE INDEX hookwright_positions_pkey ON public.hookwright_positions USING btree ("position")
CREATE INDEX hookwright_positions_shard ON public.hookwright_positions USING btree (shard, "position")
CREATE UNIQUE INDEX hookwright_processes_pkey ON public.hookwright_processes USING btree (id)
CREATE UNIQUE INDEX hookwright_pruned_to_pkey ON public.hookwright_pruned_to USING btree (only_row)
CREATE UNIQUE INDEX hookwright_pruning_pkey ON public.hookwright_pruning USING btree (only_row)
CREATE UNIQUE INDEX hookwright_redelivered_pkey ON public.hookwright_redelivered USING btree (endpoint_key, "position", run)
CREATE INDEX hookwright_redeliveries_endpoint ON public.hookwright_redeliveries USING btree (endpoint_key, key)
CREATE UNIQUE INDEX hookwright_redeliveries_id_key ON public.hookwright_redeliveries USING btree (id)
CREATE UNIQUE INDEX hookwright_redeliveries_pkey ON public.hookwright_redeliveries USING btree (key)
CREATE INDEX hookwright_redeliveries_running ON public.hookwright_redeliveries USING btree (shard, due_at) WHERE (state = 'running'::text)
CREATE UNIQUE INDEX hookwright_sequencer_pkey ON public.hookwright_sequencer USING btree (only_row)
CREATE UNIQUE INDEX hookwright_sequencing_pkey ON public.hookwright_sequencing USING btree (only_row)
CREATE UNIQUE INDEX hookwright_shards_need ON public.hookwright_shards USING btree (need) WHERE (need IS NOT NULL)
CREATE UNIQUE INDEX hookwright_shards_pkey ON public.hookwright_shards USING btree (shard)
CREATE UNIQUE INDEX hookwright_signing_keys_pkey ON public.hookwright_signing_keys USING btree (id)
CREATE INDEX hookwright_signing_keys_tenant ON public.hookwright_signing_keys USING btree (tenant, contract, created_at, id)
CREATE UNIQUE INDEX hookwright_stream_cursors_pkey ON public.hookwright_stream_cursors USING btree (stream_key)
CREATE UNIQUE INDEX hookwright_stream_runs_pkey ON public.hookwright_stream_runs USING btree (stream_key, number)
CREATE UNIQUE INDEX hookwright_streams_id_key ON public.hookwright_streams USING btree (id)
CREATE UNIQUE INDEX hookwright_streams_pkey ON public.hookwright_streams USING btree (key)
CREATE INDEX hookwright_streams_shard ON public.hookwright_streams USING btree (shard, key)
CREATE INDEX hookwright_streams_tenant ON public.hookwright_streams USING btree (tenant, key)
CREATE TRIGGER hookwright_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.hookwright_attempts FOR EACH STATEMENT EXECUTE FUNCTION hookwright_refuse_change('an attempt was made or was not; redeliver the event for another one')
CREATE TRIGGER hookwright_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.hookwright_events FOR EACH STATEMENT EXECUTE FUNCTION hookwright_refuse_change('what happened stays; append another event that corrects it')
CREATE TRIGGER hookwright_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.hookwright_positions FOR EACH STATEMENT EXECUTE FUNCTION hookwright_refuse_change('a position is final')
view hookwright_log as
 SELECT p."position",
    e.id,
    p.contract,
    e.type,
    p.tenant,
    p.shard,
    e."time",
    e.body,
    e.idempotency_key,
    e.trace
   FROM (hookwright_positions p
     JOIN hookwright_events e ON ((e.seq = p.event)));
CREATE OR REPLACE FUNCTION public.hookwright_first_event(of_contract text, of_tenant text, of_key text)
 RETURNS SETOF hookwright_events
 LANGUAGE sql
AS $function$
  select * from hookwright_events
  where contract = of_contract and tenant = of_tenant and idempotency_key = of_key
$function$
CREATE OR REPLACE FUNCTION public.hookwright_new_events(place hookwright_sequencing, max bigint)
 RETURNS TABLE(xid xid8, seq bigint, shard integer, contract text, tenant text)
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET jit TO 'off'
AS $function$
#variable_conflict use_column
declare
  snapshot pg_snapshot := coalesce(place.reading, pg_current_snapshot());
  after_xid xid8 := case when place.reading is null then '0' else place.last_xid end;
  after_seq bigint := case when place.reading is null then 0 else place.last_seq end;
  start_xid xid8 := greatest(pg_snapshot_xmax(place.seen), after_xid);
  start_seq bigint := case when start_xid = after_xid then after_seq else 0 end;
begin
  return query select * from (
    (
      select late.* from pg_snapshot_xip(place.seen) as ended (xid) cross join lateral (
        select e.xid, e.seq, e.shard, e.contract, e.tenant from hookwright_events as e
        where (e.xid, e.seq) > (ended.xid, case when ended.xid = after_xid then after_seq else 0 end) and e.xid <= ended.xid
          and (e.seq > place.floor_seq or (select p.event from hookwright_positions as p where p.event = e.seq) is null)
        order by e.xid, e.seq limit max
      ) as late
      where ended.xid >= after_xid and pg_visible_in_snapshot(ended.xid, snapshot)
      order by late.xid, late.seq limit max
    ) union all (
      select e.xid, e.seq, e.shard, e.contract, e.tenant from hookwright_events as e
      where (e.xid, e.seq) > (start_xid, start_seq) and e.xid < pg_snapshot_xmax(snapshot)
        and pg_visible_in_snapshot(e.xid, snapshot)
        and (e.seq > place.floor_seq or (select p.event from hookwright_positions as p where p.event = e.seq) is null)
      order by e.xid, e.seq limit max
    )
  ) as new order by new.xid, new.seq limit max;
end
$function$
CREATE OR REPLACE FUNCTION public.hookwright_refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' and exists (select from hookwright_pruning) then
    return null;
  end if;
  if tg_op = 'UPDATE' and tg_table_name in ('hookwright_events', 'hookwright_attempts')
    and exists (select from hookwright_erasing) then
    return null;
  end if;
  raise exception '% is append-only and refuses %: %', tg_table_name, tg_op, tg_argv[0];
end
$function$
