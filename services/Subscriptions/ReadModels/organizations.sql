create table if not exists organizations (
    id         uuid        not null constraint organizations_pkey primary key,
    name       text        not null,
    kinds      text[]      not null,
    version    bigint      not null,
    created_at timestamptz not null
);

create index if not exists ix_organizations_name on organizations (lower(name), id);
