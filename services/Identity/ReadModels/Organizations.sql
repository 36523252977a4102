-- What Subscriptions told of organizations: to name them in logs, to know who reviews identities and where apps wait for them. Late by moments.
create table if not exists organizations (
    id      uuid not null constraint organizations_pkey primary key,
    name    text not null,
    told_by uuid not null
);

create table if not exists organization_settings (
    organization_id             uuid    not null constraint organization_settings_pkey primary key,
    requires_validated_identity boolean not null,
    told_by                     uuid    not null
);

-- How people may be invited, and with what (INV-14).
alter table organization_settings add column if not exists allows_sms boolean not null default false;
alter table organization_settings add column if not exists allows_one_time_passwords boolean not null default false;

create table if not exists organization_access (
    user_id         uuid   not null,
    organization_id uuid   not null,
    permissions     text[] not null,
    told_by         uuid   not null,
    constraint organization_access_pkey primary key (user_id, organization_id)
);
