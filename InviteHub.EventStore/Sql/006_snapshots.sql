-- States of long streams, so that only the tail has to be read: a cache. Its seal covers the hash of the event that it ends at,
-- and with it the stream, the version and all that led there: a snapshot that is damaged, of another stream or of a past that
-- was changed is not found, and the stream is read from its start.
create table if not exists snapshots (
    tenant_id      varchar not null,
    stream_id      varchar not null,
    state_type     varchar not null,
    schema_version int     not null,
    version        bigint  not null,
    state          text    not null,
    seal           bytea   not null,
    constraint snapshots_pkey primary key (tenant_id, stream_id, state_type, schema_version)
);

-- A state of megabytes is mostly ids, in which PostgreSQL would look in vain, and long, for something to compress.
alter table snapshots alter column state set storage external;

create or replace function ih_snapshot_seal(hash bytea, state_type varchar, schema_version int, state text)
returns bytea language sql immutable parallel safe as $$
    select sha256(hash || convert_to(state_type || E'\n' || schema_version || E'\n' || state, 'UTF8'))
$$;

-- Keeps the state after an event that this transaction appended.
create or replace function ih_save_snapshot(
    tenant varchar, stream varchar, type varchar, schema int, at_version bigint, body text)
returns void language sql as $$
    insert into snapshots (tenant_id, stream_id, state_type, schema_version, version, state, seal)
    select tenant, stream, type, schema, at_version, body, ih_snapshot_seal(e.hash, type, schema, body)
    from mt_events e
    where e.tenant_id = tenant and e.stream_id = stream and e.version = at_version
    on conflict on constraint snapshots_pkey do update set version = excluded.version, state = excluded.state, seal = excluded.seal
$$;

create or replace function ih_snapshot(tenant varchar, stream varchar, type varchar, schema int)
returns table (version bigint, state text) language sql stable as $$
    select s.version, s.state
    from snapshots s
    join mt_events e on e.tenant_id = s.tenant_id and e.stream_id = s.stream_id and e.version = s.version
    where s.tenant_id = tenant and s.stream_id = stream and s.state_type = type and s.schema_version = schema
      and s.seal = ih_snapshot_seal(e.hash, s.state_type, s.schema_version, s.state)
$$;
