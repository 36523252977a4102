-- Sessions that have neither ended nor expired for long; the stream of each says the rest.
create table if not exists sessions (
    id           uuid        not null constraint sessions_pkey primary key,
    user_id      uuid        not null,
    started_at   timestamptz not null,
    refreshed_at timestamptz not null,
    expires_at   timestamptz not null
);

alter table sessions add column if not exists device varchar not null default 'Unknown device';
create index if not exists sessions_user on sessions (user_id);
