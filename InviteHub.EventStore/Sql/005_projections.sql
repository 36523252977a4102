-- Events that an asynchronous projection could not take, and those of the same stream behind them, until they are tried again.
create table if not exists parked_events (
    projection     varchar     not null,
    transaction_id xid8        not null,
    seq_id         bigint      not null,
    event_id       uuid        not null,
    tenant_id      varchar     not null,
    stream_id      varchar     not null,
    -- An SQL state or a type of exception, and where it arose: never a message, which may quote personal data. Null: it waits behind another.
    error          varchar,
    at             timestamptz not null,
    attempts       int         not null,
    constraint parked_events_pkey primary key (projection, transaction_id, seq_id)
);

create index if not exists ix_parked_events_stream on parked_events (projection, tenant_id, stream_id);

-- IH003: what the event was to wait behind has been taken meanwhile, so that it need not wait itself.
create or replace function ih_park(
    parked_by varchar, event_transaction xid8, event_seq bigint, event uuid, tenant varchar, stream varchar, reason varchar, parked_at timestamptz)
returns void language plpgsql as $$
begin
    if reason is null and not exists (
        select from parked_events p where p.projection = parked_by and p.tenant_id = tenant and p.stream_id = stream)
    then
        raise exception 'nothing of stream % is parked any more', stream using errcode = 'IH003', hint = stream;
    end if;
    insert into parked_events (projection, transaction_id, seq_id, event_id, tenant_id, stream_id, error, at, attempts)
    values (parked_by, event_transaction, event_seq, event, tenant, stream, reason, parked_at, case when reason is null then 0 else 1 end);
end $$;

-- Tables under the same names as the live ones: a projection's SQL finds them by search_path and needs no other text.
create schema if not exists rebuild;

-- Leaves nothing of a rebuild behind that was not swapped in.
create or replace function ih_end_rebuild(names varchar[])
returns void language plpgsql as $$
declare
    name varchar;
begin
    foreach name in array names loop
        execute format('drop table if exists rebuild.%I', name);
    end loop;
end $$;

-- Makes empty tables beside the live ones, of the same shape and with the same names of constraints and indexes, since these
-- name broken rules. What an earlier attempt left is gone.
create or replace function ih_begin_rebuild(names varchar[])
returns void language plpgsql as $$
declare
    path        text := current_setting('search_path');
    name        varchar;
    live        regclass;
    definitions text[];
    definition  text;
begin
    -- Against the clearing below, which would not know yet that somebody rebuilds.
    perform pg_advisory_xact_lock(7305011);
    perform ih_end_rebuild(names);
    foreach name in array names loop
        live := quote_ident(name)::regclass;
        if exists (select from pg_trigger t where t.tgrelid = live)
            or exists (select from pg_depend d where d.refobjid = live and d.classid = 'pg_rewrite'::regclass)
        then
            raise exception 'table % has a trigger, a foreign key or a view and cannot be swapped', name;
        end if;

        select array_agg(d.text) into definitions
        from (
            select format('alter table %I add constraint %I %s', name, c.conname, pg_get_constraintdef(c.oid)) as text
            from pg_constraint c where c.conrelid = live and c.contype in ('p', 'u', 'x')
            union all
            -- In the pretty form a table on the search path stands without its schema.
            select pg_get_indexdef(i.indexrelid, 0, true)
            from pg_index i
            where i.indrelid = live and not exists (select from pg_constraint c where c.conrelid = live and c.conindid = i.indexrelid)
        ) d;

        execute format('create table rebuild.%I (like %s including all excluding indexes)', name, live);
        perform set_config('search_path', 'rebuild, ' || path, true);
        foreach definition in array coalesce(definitions, '{}') loop
            execute definition;
        end loop;
        perform set_config('search_path', path, true);
    end loop;
end $$;

-- Puts the rebuilt tables in the place of the live ones.
create or replace function ih_swap_rebuilt(names varchar[])
returns void language plpgsql as $$
declare
    name varchar;
    home name;
begin
    foreach name in array names loop
        select n.nspname into home
        from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = quote_ident(name)::regclass;
        execute format('drop table %I.%I', home, name);
        execute format('alter table rebuild.%I set schema %I', name, home);
    end loop;
end $$;

-- What a rebuild that was killed left may hold personal data that nobody would erase: it goes at each start, unless somebody rebuilds now.
create or replace function ih_clear_rebuilds()
returns void language plpgsql as $$
declare
    name varchar;
begin
    if not exists (
        select from pg_locks l join pg_database d on d.oid = l.database
        where l.locktype = 'advisory' and l.classid = 731 and l.objsubid = 2 and d.datname = current_database())
    then
        for name in select t.tablename from pg_tables t where t.schemaname = 'rebuild' loop
            execute format('drop table rebuild.%I', name);
        end loop;
    end if;
end $$;
