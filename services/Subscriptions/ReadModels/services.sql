create table if not exists services (
    id         uuid        not null constraint services_pkey primary key,
    name       text        not null,
    version    bigint      not null,
    created_at timestamptz not null
);

create index if not exists ix_services_name on services (lower(name), id);
