create table if not exists entitlements (
    organization_id uuid not null,
    app_id          uuid not null,
    constraint entitlements_pkey primary key (organization_id, app_id)
);

create index if not exists ix_entitlements_app on entitlements (app_id, organization_id);
