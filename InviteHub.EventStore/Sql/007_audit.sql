-- The last hash of every stream, signed once a day: whoever rewrites a stream up to its last hash cannot sign what was there.
create schema if not exists audit;

create table if not exists audit.signed_heads (
    day       date        not null constraint signed_heads_pkey primary key,
    signed_at timestamptz not null,
    heads     bigint      not null,
    digest    bytea       not null,
    signature bytea       not null
);

-- The streams whose last version is another than when it was last signed.
create table if not exists audit.stream_heads (
    day       date    not null,
    tenant_id varchar not null,
    stream_id varchar not null,
    version   bigint  not null,
    hash      bytea   not null,
    constraint stream_heads_pkey primary key (tenant_id, stream_id, version)
);

create index if not exists ix_stream_heads_day on audit.stream_heads (day);

create or replace function audit.refuse()
returns trigger language plpgsql as $$
begin
    raise exception '% is only ever added to', tg_table_name;
end $$;

do $$
begin
    if not exists (select from pg_trigger where tgrelid = 'audit.signed_heads'::regclass and tgname = 'only_added_to') then
        create trigger only_added_to before update or delete or truncate on audit.signed_heads
        for each statement execute function audit.refuse();
        create trigger only_added_to before update or delete or truncate on audit.stream_heads
        for each statement execute function audit.refuse();
    end if;
end $$;

-- What of a head goes into a day's digest.
create or replace function audit.head_line(tenant varchar, stream varchar, version bigint, hash bytea)
returns text language sql stable as $$
    select to_json(tenant) || E'\n' || to_json(stream) || E'\n' || version || E'\n' || encode(hash, 'hex') || E'\n'
$$;

-- The heads to sign: of all streams that grew since their head was last signed, in the order of their bytes.
create or replace function audit.new_heads()
returns table (tenant_id varchar, stream_id varchar, version bigint, hash bytea, line text) language sql stable as $$
    select s.tenant_id, s.id, s.version, e.hash, audit.head_line(s.tenant_id, s.id, s.version, e.hash)
    from mt_streams s
    join mt_events e on e.tenant_id = s.tenant_id and e.stream_id = s.id and e.version = s.version
    where e.hash is not null and s.version > coalesce(
        (select max(h.version) from audit.stream_heads h where h.tenant_id = s.tenant_id and h.stream_id = s.id), 0)
    order by s.tenant_id collate "C", s.id collate "C"
$$;

-- Who looked at whose personal data: a row for each reader, person and kind of page in an hour. Ids only.
create table if not exists readers (
    user_id   uuid        not null,
    hour      timestamptz not null,
    reader_id uuid        not null,
    what      varchar     not null,
    constraint readers_pkey primary key (user_id, hour, reader_id, what)
);
