-- Attempts to sign in since the last that succeeded. The key is a hash: neither addresses nor accounts are listed here.
create table if not exists sign_in_attempts (
    key           varchar     not null constraint sign_in_attempts_pkey primary key,
    failures      int         not null,
    blocked_until timestamptz not null,
    last_at       timestamptz not null
);

create index if not exists sign_in_attempts_last on sign_in_attempts (last_at);
