-- What else commits with a command's events.

-- Messages that a consumer has handled: the same message again breaks the key, and with it the whole commit.
create table if not exists inbox (
    consumer    varchar     not null,
    message_id  uuid        not null,
    received_at timestamptz not null default now(),
    constraint inbox_pkey primary key (consumer, message_id)
);

-- Rows come in the order of time and are pruned in it: a few bytes for each hundred pages find them.
create index if not exists ix_inbox_received_at on inbox using brin (received_at);

-- Saga instances, guarded by their version.
create table if not exists sagas (
    type           varchar     not null,
    correlation_id uuid        not null,
    version        bigint      not null,
    state          jsonb       not null,
    updated_at     timestamptz not null default now(),
    constraint sagas_pkey primary key (type, correlation_id)
);

-- Those that are not over, by how long they wait.
create index if not exists ix_sagas_under_way on sagas (type, (state ->> 'currentState'), updated_at) where state ->> 'currentState' <> 'Over';

-- The answer to a request that named an Idempotency-Key (INV-21): the thing it made.
create table if not exists idempotency (
    caller       varchar     not null,
    key          varchar     not null,
    request_hash bytea       not null,
    resource     varchar     not null,
    created_at   timestamptz not null default now(),
    constraint idempotency_pkey primary key (caller, key)
);

create index if not exists ix_idempotency_created_at on idempotency using brin (created_at);

-- IH003: the saga was changed by another message meanwhile.
create or replace function ih_save_saga(saga_type varchar, id uuid, expected bigint, body jsonb)
returns void language plpgsql as $$
begin
    update sagas s set version = expected + 1, state = body, updated_at = now()
    where s.type = saga_type and s.correlation_id = id and s.version = expected;
    if not found then
        raise exception 'saga % % was changed meanwhile', saga_type, id using errcode = 'IH003', hint = id::text;
    end if;
end $$;

-- New instances of any number: IH003 when one of them is there already.
create or replace function ih_begin_sagas(saga_types varchar[], ids uuid[], bodies jsonb[])
returns void language plpgsql as $$
declare
    begun int;
    there uuid;
begin
    insert into sagas (type, correlation_id, version, state)
    select t, id, 1, body from unnest(saga_types, ids, bodies) as new (t, id, body) order by t, id on conflict do nothing;
    get diagnostics begun = row_count;
    if begun <> cardinality(ids) then
        select s.correlation_id into there from sagas s join unnest(saga_types, ids) as new (t, id) on s.type = t and s.correlation_id = id
        where s.xmin <> pg_current_xact_id()::xid limit 1;
        raise exception 'saga % was begun meanwhile', there using errcode = 'IH003', hint = coalesce(there::text, 'a new saga');
    end if;
end $$;

-- IH003: another instance moved this checkpoint; what this one did with the events is undone with it.
create or replace function ih_move_checkpoint(
    subscription varchar, from_transaction xid8, from_seq bigint, to_transaction xid8, to_seq bigint)
returns void language plpgsql as $$
begin
    insert into mt_event_progression (name, last_seq_id, last_transaction_id) values (subscription, 0, '0')
    on conflict do nothing;
    update mt_event_progression p
    set last_transaction_id = to_transaction, last_seq_id = to_seq, last_updated = now()
    where p.name = subscription and p.last_transaction_id = from_transaction and p.last_seq_id = from_seq;
    if not found then
        raise exception 'checkpoint % was moved meanwhile', subscription using errcode = 'IH003', hint = subscription;
    end if;
end $$;
