-- The small database that every service may read: what they need in common to trust each other's tokens and messages.
-- Everything secret in it is wrapped by the master key.
select pg_advisory_xact_lock(7305012);

create table if not exists data_protection_keys (
    name varchar not null constraint data_protection_keys_pkey primary key,
    xml  text    not null
);

-- One AES-256 key a day for personal data on the bus; gone after 30 days, and with it what an old queue still held.
create table if not exists bus_keys (
    day         date  not null constraint bus_keys_pkey primary key,
    wrapped_key bytea not null
);

create table if not exists shared_secrets (
    name           varchar not null constraint shared_secrets_pkey primary key,
    wrapped_secret bytea   not null
);

-- Sessions that ended while a token of theirs may still be good; written by Identity before it tells the others.
create table if not exists ended_sessions (
    session_id   uuid        not null constraint ended_sessions_pkey primary key,
    user_id      uuid        not null,
    tokens_until timestamptz not null
);
