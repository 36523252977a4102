-- How far each digital identity has come; its details are in its stream alone, encrypted.
create table if not exists identities (
    user_id    uuid        not null constraint identities_pkey primary key,
    status     varchar     not null,
    changed_at timestamptz not null
);

create index if not exists identities_waiting on identities (changed_at) where status = 'submitted';
