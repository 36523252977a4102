-- Users as they are listed and shown. Unique rules live here: one account per address and per username, whatever its case.
create table if not exists users (
    id                   uuid        not null constraint users_pkey primary key,
    email                varchar     not null,
    email_key            varchar     not null,
    username             varchar,
    first_name           varchar     not null,
    last_name            varchar     not null,
    phone                varchar,
    personal_number      varchar, -- masked; the number itself is in the stream alone, encrypted
    language             varchar     not null,
    system_role          varchar     not null,
    password_is_temporary boolean     not null default false,
    created_at           timestamptz not null,
    last_activity_at     timestamptz
);

create unique index if not exists users_email_key on users (email_key);
create unique index if not exists users_username on users (lower(username));
create index if not exists users_first_name on users (first_name, id);

create table if not exists user_organizations (
    user_id         uuid not null,
    organization_id uuid not null,
    constraint user_organizations_pkey primary key (user_id, organization_id)
);

create index if not exists user_organizations_organization on user_organizations (organization_id);

create table if not exists user_app_roles (
    user_id         uuid    not null,
    organization_id uuid    not null,
    app_id          uuid    not null,
    subscription_id uuid    not null,
    role            varchar not null,
    constraint user_app_roles_pkey primary key (user_id, subscription_id, role)
);

create table if not exists user_roles (
    user_id    uuid    not null,
    request_id uuid    not null,
    role       varchar not null,
    holder_id  uuid    not null,
    constraint user_roles_pkey primary key (user_id, request_id)
);

create index if not exists user_roles_holder on user_roles (holder_id);
