-- What other services told of people and organizations: to write to the right address, to name who invites, and to show a
-- caller the organizations that are theirs. Late by moments; nothing that must not go wrong is decided by it.
create table if not exists people (
    user_id     uuid not null constraint people_pkey primary key,
    email       text not null,
    email_key   text not null,
    first_name  text not null,
    last_name   text not null,
    phone       text,
    language    text not null,
    system_role text not null,
    told_by     uuid not null
);

create index if not exists ix_people_email_key on people (email_key);

create table if not exists organization_access (
    user_id         uuid   not null,
    organization_id uuid   not null,
    permissions     text[] not null,
    told_by         uuid   not null,
    constraint organization_access_pkey primary key (user_id, organization_id)
);

-- How often it changed who sees what: what a search found is kept for one of them (FoundIds).
create sequence if not exists organization_access_version;
create or replace function organization_access_changed() returns trigger language plpgsql as $$
begin
    perform nextval('organization_access_version');
    return null;
end $$;

create or replace trigger organization_access_changed
    after insert or delete or update on organization_access execute function organization_access_changed();
