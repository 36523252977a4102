-- The systems that hear what happens in an organization, as their streams say.
create table if not exists webhooks (
    id               uuid        not null constraint webhooks_pkey primary key,
    organization_id  uuid        not null,
    url              text        not null,
    events           text[]      not null,
    includes_details boolean     not null,
    is_paused        boolean     not null,
    generation       int         not null,
    -- When the secret was changed: for a day the former one signs too.
    rotated_at       timestamptz,
    created_at       timestamptz not null,
    version          bigint      not null
);

create index if not exists ix_webhooks_organization on webhooks (organization_id, created_at);

-- What happened in organizations that have a webhook, in one order each: whoever adds to it holds the organization's lock until the commit, so that
-- no lower position appears after a higher one was read. Ids and states alone.
create table if not exists webhook_feed (
    position        bigint generated always as identity constraint webhook_feed_pkey primary key,
    -- The webhook-id of every request that tells of it.
    id              uuid        not null constraint webhook_feed_id unique,
    organization_id uuid        not null,
    kind            text        not null,
    facts           jsonb       not null,
    at              timestamptz not null
);

create index if not exists ix_webhook_feed_organization on webhook_feed (organization_id, position);

-- How far each webhook has been told.
create table if not exists webhook_progress (
    webhook_id uuid        not null constraint webhook_progress_pkey primary key,
    -- The last event that was taken, given up or passed over.
    position   bigint      not null,
    -- How often the next one was tried.
    attempts   int         not null default 0,
    -- When it may be taken up: at once, at the next attempt, or when whoever took it up has not told the outcome in time.
    due_at     timestamptz not null default '-infinity',
    error      text
);

-- What was given up, to look at and to send again.
create table if not exists webhook_dead_letters (
    webhook_id uuid        not null,
    position   bigint      not null,
    reason     text        not null,
    at         timestamptz not null,
    constraint webhook_dead_letters_pkey primary key (webhook_id, position)
);

-- Who has a say in an organization, as Subscriptions told.
create table if not exists organization_access (
    user_id         uuid   not null,
    organization_id uuid   not null,
    permissions     text[] not null,
    told_by         uuid   not null,
    constraint organization_access_pkey primary key (user_id, organization_id)
);
