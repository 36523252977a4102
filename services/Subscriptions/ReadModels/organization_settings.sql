-- An organization that chose nothing has no row.
create table if not exists organization_settings (
    organization_id uuid   not null constraint organization_settings_pkey primary key,
    settings        jsonb  not null,
    version         bigint not null
);
