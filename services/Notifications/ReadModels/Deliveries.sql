-- Whose each message is: what comes back names its id alone.
create table if not exists deliveries (
    id        uuid not null constraint deliveries_pkey primary key,
    -- The organization in whose name it was sent, or the event store's word for none.
    tenant_id text not null
);
