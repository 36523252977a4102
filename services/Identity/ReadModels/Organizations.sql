-- What Subscriptions told of organizations: to name them in logs. Late by moments; nothing that must not go wrong is decided by it.
create table if not exists organizations (
    id      uuid not null constraint organizations_pkey primary key,
    name    text not null,
    told_by uuid not null
);
