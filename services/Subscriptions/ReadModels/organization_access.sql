create table if not exists organization_access (
    organization_id uuid   not null,
    user_id         uuid   not null,
    permissions     text[] not null,
    constraint organization_access_pkey primary key (organization_id, user_id)
);

create index if not exists ix_organization_access_user on organization_access (user_id, organization_id);
