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
