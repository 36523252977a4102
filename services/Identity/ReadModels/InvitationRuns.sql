-- Users who were chosen together to be invited (INV-14), and what came of each, by ids alone.
create table if not exists invitation_runs (
    id                uuid        not null constraint invitation_runs_pkey primary key,
    status            varchar     not null,
    is_trial          boolean     not null,
    channel           varchar     not null,
    one_time_password boolean     not null,
    asked_by          uuid        not null, -- who started it, or committed it after a trial
    asked_by_role     varchar     not null,
    started_by        uuid        not null,
    started_at        timestamptz not null,
    ended_at          timestamptz
);

create table if not exists invitation_run_rows (
    run_id      uuid    not null,
    place       int     not null,
    user_id     uuid    not null,
    state       varchar not null default 'waiting', -- or planned, done, failed, cancelled
    taken_until timestamptz,
    code        varchar,
    reason      varchar,
    constraint invitation_run_rows_pkey primary key (run_id, place)
);

create index if not exists invitation_run_rows_waiting on invitation_run_rows (run_id, place) where state = 'waiting';
create index if not exists invitation_runs_running on invitation_runs (id) where status = 'running';
