-- One key per data subject, wrapped by the master key and kept apart from the events: a dump of the public schema alone
-- opens nothing. Erasing a subject empties the row; the row itself stays as the proof that there was one.
create schema if not exists keys;

create table if not exists keys.subject_keys (
    subject       varchar     not null constraint subject_keys_pkey primary key,
    master_key_id varchar     not null,
    wrapped_key   bytea,
    created_at    timestamptz not null default now(),
    erased_at     timestamptz
);
