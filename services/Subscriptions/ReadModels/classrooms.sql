create table if not exists classrooms (
    id              uuid    not null constraint classrooms_pkey primary key,
    organization_id uuid    not null,
    name            text    not null,
    is_closed       boolean not null default false
);

create index if not exists ix_classrooms_organization on classrooms (organization_id, lower(name), id);
