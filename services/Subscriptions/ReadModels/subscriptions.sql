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

alter table subscriptions add column if not exists at_limit text not null default 'refuse';
alter table subscriptions add column if not exists ceiling int;
alter table subscriptions add column if not exists waiting int not null default 0;
alter table subscriptions add column if not exists is_suspended boolean not null default false;
alter table subscriptions add column if not exists has_ended boolean not null default false;

create index if not exists ix_subscriptions_organization on subscriptions (organization_id, app_id);
create index if not exists ix_subscriptions_plan on subscriptions (lower(plan), id);
create index if not exists ix_subscriptions_ending on subscriptions (ends_on) where not has_ended;
create index if not exists ix_subscriptions_waiting on subscriptions (starts_on) where waiting > 0;
