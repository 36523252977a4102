-- The other side: what a function can do that only inserts. No chain, no position, no checks but the version.
create table if not exists bare_streams (id varchar primary key, version bigint not null);
create sequence if not exists bare_sequence;
create table if not exists bare_events (
    seq_id bigint primary key, id uuid not null, stream_id varchar not null, version bigint not null, data jsonb not null,
    type varchar not null, timestamp timestamptz not null
);
create unique index if not exists bare_events_version on bare_events (stream_id, version);

create or replace function bare_append(stream varchar, expected bigint, event_id uuid, event_type varchar, body jsonb, at timestamptz)
returns void language plpgsql as $$
begin
    if expected = 0 then
        insert into bare_streams values (stream, 1);
    else
        update bare_streams s set version = expected + 1 where s.id = stream and s.version = expected;
        if not found then
            raise exception 'version';
        end if;
    end if;
    insert into bare_events values (nextval('bare_sequence'), event_id, stream, expected + 1, body, event_type, at);
end $$;
