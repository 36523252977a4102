-- What the sender has yet to do: one row for each message that is on its way. No personal data.
create table if not exists due_deliveries (
    id              uuid        not null constraint due_deliveries_pkey primary key,
    -- In whose name it is sent, if in anybody's.
    organization_id uuid,
    -- When it may be taken up: at once, at its next attempt, or when whoever took it has not told the outcome in time.
    due_at          timestamptz not null,
    -- The trace that it belongs to.
    trace           text
);

create index if not exists ix_due_deliveries_due_at on due_deliveries (due_at);
