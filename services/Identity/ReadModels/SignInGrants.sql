-- Registrations that were just completed and whose process has not signed the person in yet. A row is used by deleting it.
create table if not exists sign_in_grants (
    grant_hash  varchar     not null constraint sign_in_grants_pkey primary key,
    user_id     uuid        not null,
    valid_until timestamptz not null
);
