-- What the sender has yet to do: one row for each message that is on its way. No personal data.
create table if not exists due_deliveries (
    id        uuid        not null constraint due_deliveries_pkey primary key,
    -- The organization in whose name it is sent, or the event store's word for none.
    tenant_id text        not null,
    -- 0: somebody waits for it (codes, resets); 1: one among few; 2: one of many.
    priority  smallint    not null,
    -- When it may be taken up: at once, at its next attempt, or when whoever took it has not told the outcome in time.
    due_at    timestamptz not null,
    -- The trace that it belongs to.
    trace     text
);

create index if not exists ix_due_deliveries_priority on due_deliveries (priority, due_at);
create index if not exists ix_due_deliveries_tenant_id on due_deliveries (tenant_id);
