create table if not exists subscriptions (
    id              uuid   not null constraint subscriptions_pkey primary key,
    organization_id uuid   not null,
    app_id          uuid   not null,
    plan            text   not null,
    seat_limit      int,
    reserved        int    not null default 0,
    occupied        int    not null default 0,
    starts_on       date   not null,
    ends_on         date,
    version         bigint not null,
    -- A counter that leaves the rails is a bug in the projection, and must stop the commit.
    constraint subscriptions_counters check (reserved >= 0 and occupied >= 0)
);

create index if not exists ix_subscriptions_organization on subscriptions (organization_id, app_id);
create index if not exists ix_subscriptions_plan on subscriptions (lower(plan), id);
