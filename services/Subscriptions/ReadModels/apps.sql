create table if not exists apps (
    id      uuid   not null constraint apps_pkey primary key,
    name    text   not null,
    roles   jsonb  not null,
    version bigint not null
);

create index if not exists ix_apps_name on apps (lower(name), id);
