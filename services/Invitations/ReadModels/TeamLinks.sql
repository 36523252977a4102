-- Team links: what their makers see of them, and what a token's hash belongs to.
create table if not exists team_links (
    id              uuid        not null constraint team_links_pkey primary key,
    organization_id uuid        not null,
    app_id          uuid        not null,
    subscription_id uuid        not null,
    role            text        not null,
    most_uses       int         not null,
    uses            int         not null,
    domains         text[]      not null,
    token_hash      text        not null constraint team_links_token_hash unique,
    expires_on      timestamptz not null,
    revoked_on      timestamptz,
    created_by      uuid        not null,
    created_on      timestamptz not null
);

create index if not exists ix_team_links_organization on team_links (organization_id, created_on desc, id);
create index if not exists ix_team_links_created_on on team_links (created_on desc, id);
