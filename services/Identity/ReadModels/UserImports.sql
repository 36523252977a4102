-- Imports of users, and each row of their files with what came of it. What a row says of its person is ciphertext under the key of the user
-- that it is to become, and goes when the row is done. Rows whose import did not start yet are being read, or
-- were shown and may be committed.
create table if not exists user_imports (
    id              uuid        not null constraint user_imports_pkey primary key,
    status          varchar     not null,
    started_by      uuid        not null,
    started_at      timestamptz not null,
    ended_at        timestamptz,
    send_invitation boolean     not null
);

create table if not exists user_import_rows (
    import_id   uuid        not null,
    line        int         not null,
    user_id     uuid        not null,
    state       varchar     not null, -- waiting, done, failed or cancelled
    sealed      bytea,
    taken_until timestamptz,
    code        varchar,
    columns     varchar,
    reason      varchar,
    read_at     timestamptz not null,
    constraint user_import_rows_pkey primary key (import_id, line)
);

create index if not exists user_import_rows_waiting on user_import_rows (import_id, line) where state = 'waiting';
create index if not exists user_imports_running on user_imports (id) where status = 'running';
