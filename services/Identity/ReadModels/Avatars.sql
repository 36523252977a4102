-- People's pictures, as ciphertext under the person's key: who is forgotten has none any more.
create table if not exists avatars (
    user_id    uuid    not null constraint avatars_pkey primary key,
    avatar_id  uuid    not null,
    media_type varchar not null,
    sealed     bytea   not null
);
