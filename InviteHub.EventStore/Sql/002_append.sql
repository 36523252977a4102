-- What an event's hash covers, behind the hash before it, each on a line of its own: tenant, stream, version, id, type,
-- instant in microseconds since 1970, correlation, causation, headers, data. Free text is written as JSON and what is null
-- as an empty line; neither JSON nor jsonb's canonical text ever holds a raw line break, so no two events share a text. The
-- ciphertext of personal data is what is covered: erasing a subject's key leaves the chain whole.
create or replace function ih_event_text(
    tenant varchar, stream varchar, version bigint, id uuid, type varchar, at timestamptz,
    correlation varchar, causation varchar, headers jsonb, data jsonb)
returns text language sql stable parallel safe as $$
    select to_json(tenant) || E'\n' || to_json(stream) || E'\n' || version || E'\n' || id || E'\n' || to_json(type) || E'\n'
        || (extract(epoch from at) * 1000000)::bigint || E'\n'
        || coalesce(to_json(correlation)::text, '') || E'\n' || coalesce(to_json(causation)::text, '') || E'\n'
        || coalesce(headers::text, '') || E'\n' || data::text
$$;

create or replace function ih_event_hash(
    previous bytea, tenant varchar, stream varchar, version bigint, id uuid, type varchar, at timestamptz,
    correlation varchar, causation varchar, headers jsonb, data jsonb)
returns bytea language sql stable parallel safe as $$
    select sha256(coalesce(previous, ''::bytea) || convert_to(
        ih_event_text(tenant, stream, version, id, type, at, correlation, causation, headers, data), 'UTF8'))
$$;

-- Hashes the events of a stream that arrived without one (another writer of Marten's tables appended them) up to a
-- version, and answers the hash of that version.
create or replace function ih_link(tenant varchar, stream varchar, upto bigint)
returns bytea language plpgsql as $$
declare
    event  mt_events;
    linked bytea;
begin
    for event in
        select * from mt_events e
        where e.tenant_id = tenant and e.stream_id = stream and e.version <= upto
        order by e.version for no key update
    loop
        if event.hash is null then
            event.hash := ih_event_hash(linked, tenant, stream, event.version, event.id, event.type, event.timestamp,
                event.correlation_id, event.causation_id, event.headers, event.data);
            update mt_events e set hash = event.hash where e.seq_id = event.seq_id;
        end if;
        linked := event.hash;
    end loop;
    return linked;
end $$;

-- Links an event that another writer of Marten's tables appends, in that writer's own transaction, and labels it as
-- ih_append would: its transaction may have taken its id before the event that it follows was there. What follows nothing
-- keeps no hash: ih_verify names it. Marten's tombstones, which only fill gaps in seq_id, are no one's chain.
create or replace function ih_link_appended()
returns trigger language plpgsql as $$
declare
    linked bytea;
    label  xid8;
begin
    -- Here and not in the trigger's condition: PostgreSQL would prepare that anew for each insert, of ours too, for more than this costs.
    if new.hash is not null or new.type = 'tombstone' then
        return new;
    end if;
    if new.version > 1 then
        select e.hash, e.transaction_id into linked, label
        from mt_events e
        where e.tenant_id = new.tenant_id and e.stream_id = new.stream_id and e.version = new.version - 1;
        if not found then
            return new;
        end if;
        if linked is null then
            linked := ih_link(new.tenant_id, new.stream_id, new.version - 1);
        end if;
    end if;
    new.transaction_id := greatest(new.transaction_id, label);
    new.hash := ih_event_hash(linked, new.tenant_id, new.stream_id, new.version, new.id, new.type, new.timestamp,
        new.correlation_id, new.causation_id, new.headers, new.data);
    return new;
end $$;

-- Made once: to replace a trigger is to wait for every writer.
do $$
begin
    if not exists (select from pg_trigger where tgrelid = 'mt_events'::regclass and tgname = 'ih_link_appended') then
        create trigger ih_link_appended before insert on mt_events
        for each row execute function ih_link_appended();
    end if;
end $$;

-- Appends any number of events to any number of streams, all or nothing.
-- expected[i] is the version the caller decided on; 0 means that the stream must not exist yet.
-- IH001: a stream has another version by now.  IH002: a stream is archived.  The error's hint is the stream's id.
create or replace function ih_append(
    tenants varchar[], streams varchar[], stream_types varchar[], expected bigint[], counts int[],
    ids uuid[], types varchar[], bodies jsonb[],
    at timestamptz, correlation varchar, causation varchar, headers jsonb)
returns void language plpgsql as $$
declare
    own      xid8 := pg_current_xact_id();
    label    xid8;
    linked   bytea;
    current  bigint;
    archived boolean;
    there    varchar;
    n        int := 0;
begin
    -- Many new streams of one event each, as a batch makes them, go in by two statements.
    if cardinality(streams) > 1 and cardinality(streams) = cardinality(ids) and 0 = all (expected) then
        insert into mt_streams (tenant_id, id, type, version, timestamp, created)
        select t, s, y, 1, at, at from unnest(tenants, streams, stream_types) with ordinality as new (t, s, y, nth) order by nth
        on conflict do nothing;
        get diagnostics n = row_count;
        if n = cardinality(streams) then
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id,
                                   correlation_id, causation_id, headers, transaction_id, hash)
            select nextval('mt_events_sequence'), i, s, 1, d, y, at, t, correlation, causation, headers, own,
                   ih_event_hash(null, t, s, 1, i, y, at, correlation, causation, headers, d)
            from (select * from unnest(tenants, streams, ids, types, bodies) with ordinality as new (t, s, i, y, d, nth) order by nth) as new;
            return;
        end if;
        select e.id, e.is_archived into there, archived from mt_streams e join unnest(tenants, streams) as new (t, s) on e.tenant_id = t and e.id = s
        where e.xmin <> own::xid order by t, s limit 1;
        if archived then
            raise exception 'stream % is archived', there using errcode = 'IH002', hint = there;
        end if;
        raise exception 'stream % is there already', there using errcode = 'IH001', hint = coalesce(there, 'a new stream');
    end if;

    -- Every version is checked, and every stream's row locked, before the first sequence number is taken: a loser leaves no gap.
    for i in 1 .. cardinality(streams) loop
        if expected[i] = 0 then
            insert into mt_streams (tenant_id, id, type, version, timestamp, created)
            values (tenants[i], streams[i], stream_types[i], counts[i], at, at)
            on conflict do nothing;
        else
            update mt_streams s set version = expected[i] + counts[i], timestamp = at
            where s.tenant_id = tenants[i] and s.id = streams[i] and s.version = expected[i] and s.is_archived is not true;
        end if;
        continue when found;

        select s.version, s.is_archived into current, archived
        from mt_streams s where s.tenant_id = tenants[i] and s.id = streams[i];
        if archived then
            raise exception 'stream % is archived', streams[i] using errcode = 'IH002', hint = streams[i];
        end if;
        raise exception 'stream % is at version %, not %', streams[i], coalesce(current, 0), expected[i]
            using errcode = 'IH001', hint = streams[i];
    end loop;

    for i in 1 .. cardinality(streams) loop
        label := own;
        linked := null;
        if expected[i] > 0 then
            select e.hash, greatest(own, e.transaction_id) into linked, label
            from mt_events e
            where e.tenant_id = tenants[i] and e.stream_id = streams[i] and e.version = expected[i];
            if linked is null then
                linked := ih_link(tenants[i], streams[i], expected[i]);
            end if;
        end if;

        -- A transaction that took its id early and then waited for this stream would sort before the one it waited for.
        -- Its events take the later label: within a stream, the order of positions is the order of versions. Readers lose
        -- nothing: a label is never below the writer's own id, and they stop before the oldest running transaction.
        for k in 1 .. counts[i] loop
            n := n + 1;
            linked := ih_event_hash(linked, tenants[i], streams[i], expected[i] + k, ids[n], types[n], at,
                correlation, causation, headers, bodies[n]);
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id,
                                   correlation_id, causation_id, headers, transaction_id, hash)
            values (nextval('mt_events_sequence'), ids[n], streams[i], expected[i] + k, bodies[n], types[n], at, tenants[i],
                    correlation, causation, headers, coalesce(label, own), linked);
        end loop;
    end loop;
end $$;

-- Marks a stream and its events as archived, under Marten's name for it. Appends that wait for the stream are refused after it.
create or replace function mt_archive_stream(streamid varchar, tenantid varchar)
returns void language plpgsql as $$
begin
    update mt_streams s set is_archived = true where s.id = streamid and s.tenant_id = tenantid and s.is_archived is not true;
    if found then
        update mt_events e set is_archived = true where e.stream_id = streamid and e.tenant_id = tenantid;
    end if;
end $$;

-- Every stream from one to another, both included, with the first version whose hash, number or predecessor is not what was
-- appended, or null when its chain holds. A tail that was cut off shows as the version of the stream's row, a stream's row
-- that was removed as its first event. The stream of Marten's tombstones has version 0 and holds nothing else.
create or replace function ih_verify_range(
    from_tenant varchar, from_stream varchar, to_tenant varchar, to_stream varchar)
returns table (tenant_id varchar, stream_id varchar, events bigint, broken_at bigint) language sql stable as $$
    with link as (
        select e.tenant_id, e.stream_id, e.version, e.type, e.hash, row_number() over stream as position,
               ih_event_hash(lag(e.hash) over stream, e.tenant_id, e.stream_id, e.version, e.id, e.type, e.timestamp,
                   e.correlation_id, e.causation_id, e.headers, e.data) as computed
        from mt_events e
        where (e.tenant_id, e.stream_id) >= (from_tenant, from_stream) and (e.tenant_id, e.stream_id) <= (to_tenant, to_stream)
        window stream as (partition by e.tenant_id, e.stream_id order by e.version)
    ), chain as (
        select l.tenant_id, l.stream_id, count(*) as events, min(l.version) as first, bool_and(l.type = 'tombstone') as tombstones,
               min(l.version) filter (where l.hash is distinct from l.computed or l.version <> l.position) as broken_at
        from link l
        group by l.tenant_id, l.stream_id
    ), head as (
        select s.tenant_id, s.id as stream_id, s.version, true as there
        from mt_streams s
        where (s.tenant_id, s.id) >= (from_tenant, from_stream) and (s.tenant_id, s.id) <= (to_tenant, to_stream)
    )
    select tenant_id, stream_id, coalesce(c.events, 0),
           case
               when h.there is null then c.first
               when h.version = 0 and c.tombstones then null
               else least(c.broken_at, case when h.version is distinct from coalesce(c.events, 0) then coalesce(h.version, 0) end)
           end
    from chain c full join head h using (tenant_id, stream_id)
    order by tenant_id, stream_id
$$;

-- The same of one stream.
create or replace function ih_verify(tenant varchar, stream varchar)
returns bigint language sql stable as $$
    select broken_at from ih_verify_range(tenant, stream, tenant, stream)
$$;

-- The same of the next so many streams behind one, in the order of tenant and id, with those that have events and no row.
create or replace function ih_verify_next(after_tenant varchar, after_stream varchar, streams int)
returns table (tenant_id varchar, stream_id varchar, events bigint, broken_at bigint) language plpgsql stable as $$
declare
    first record;
    last  record;
begin
    select n.t, n.s into first from (
        (select s.tenant_id, s.id from mt_streams s
         where (s.tenant_id, s.id) > (after_tenant, after_stream) order by s.tenant_id, s.id limit 1)
        union all
        (select e.tenant_id, e.stream_id from mt_events e
         where (e.tenant_id, e.stream_id) > (after_tenant, after_stream) order by e.tenant_id, e.stream_id limit 1)
    ) n (t, s) order by n.t, n.s limit 1;
    if not found then
        return;
    end if;

    select s.tenant_id as t, s.id as s into last from mt_streams s
    where (s.tenant_id, s.id) > (after_tenant, after_stream) order by s.tenant_id, s.id offset streams - 1 limit 1;
    if not found then
        select n.t, n.s into last from (
            (select s.tenant_id, s.id from mt_streams s order by s.tenant_id desc, s.id desc limit 1)
            union all
            (select e.tenant_id, e.stream_id from mt_events e order by e.tenant_id desc, e.stream_id desc limit 1)
        ) n (t, s) order by n.t desc, n.s desc limit 1;
    end if;

    return query select * from ih_verify_range(first.t, first.s, last.t, last.s);
end $$;
