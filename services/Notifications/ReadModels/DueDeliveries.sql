-- What the sender has yet to do: one row for each message that is on its way. No personal data.
create table if not exists due_deliveries (
    id        uuid        not null constraint due_deliveries_pkey primary key,
    -- The organization in whose name it is sent, or the event store's word for none.
    tenant_id text        not null,
    -- 0: somebody waits for it (codes, resets); 1: one among few; 2: one of many or of a batch.
    priority  smallint    not null,
    -- When it may be taken up: at once, at its next attempt, or when whoever took it has not told the outcome in time.
    due_at    timestamptz not null,
    -- The trace that it belongs to.
    trace     text
);

-- The table of an earlier version named the organization, and knew no priorities.
do $$
begin
    if exists (select from information_schema.columns where table_name = 'due_deliveries' and column_name = 'organization_id') then
        alter table due_deliveries rename column organization_id to tenant_id;
        alter table due_deliveries alter column tenant_id type text using tenant_id::text;
        alter table due_deliveries add column priority smallint not null default 1;
        drop index if exists ix_due_deliveries_due_at;
    end if;
end $$;

create index if not exists ix_due_deliveries_priority on due_deliveries (priority, due_at);
create index if not exists ix_due_deliveries_tenant_id on due_deliveries (tenant_id);

-- Takes up so many that are due, until an instant. By the index alone, a few rows each time: the table is empty at one moment and has a hundred
-- thousand rows at the next, and with what PostgreSQL knew of it before it would read and sort all of them for each few.
create or replace function take_due_deliveries(urgent int, others int, at timestamptz, until timestamptz)
returns table (id uuid, tenant_id text, priority smallint, trace text) language sql
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
    with urgent as (
        select d.id from due_deliveries d where d.priority = 0 and d.due_at <= at order by d.due_at limit urgent for update skip locked),
    others as (
        select d.id from due_deliveries d where d.priority > 0 and d.due_at <= at order by d.priority, d.due_at limit others for update skip locked),
    due as (select * from urgent union all select * from others)
    update due_deliveries d set due_at = until from due where d.id = due.id
    returning d.id, d.tenant_id, d.priority, d.trace
$$;
