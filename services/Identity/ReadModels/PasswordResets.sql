-- Links to set a new password, by the hash of their token; whether one still works, the user's stream says.
create table if not exists password_resets (
    token_hash varchar     not null constraint password_resets_pkey primary key,
    user_id    uuid        not null,
    expires_at timestamptz not null
);
