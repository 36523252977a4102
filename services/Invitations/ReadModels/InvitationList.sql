-- One row an invitation: the list (INV-06), the rule that an address has one open invitation of a kind (INV-02), and
-- what a link's hash belongs to (INV-05). Personal data in clear, since it is searched; erasure clears it.
create table if not exists invitation_list (
    id              uuid        not null constraint invitation_list_pkey primary key,
    organization_id uuid        not null,
    organization    text,
    way             text        not null,
    status          text        not null,
    refusal_code    text,
    refusal_detail  text,
    invitee_id      uuid        not null,
    email           text        not null,
    email_key       text        not null,
    first_name      text        not null,
    last_name       text        not null,
    personal_number text, -- masked (INV-03)
    lma_number      text,
    phone           text,
    gender          text,
    swedish_citizen boolean,
    eu_citizen      boolean,
    app_id          uuid,
    app             text,
    subscription_id uuid,
    role            text,
    role_name       text,
    sent_by         uuid        not null,
    sent_on         timestamptz not null,
    expires_on      timestamptz,
    accepted_by     uuid,
    channel         text        not null default 'email',
    delivery_status text,
    delivery_error  text,
    -- The kind of invitation that an address can have one of while it is open: a customer's, or one for a subscription.
    scope           text        not null,
    is_open         boolean     not null
);

alter table invitation_list add column if not exists decline_reason text;
alter table invitation_list add column if not exists refusal_facts jsonb;
-- When an expired one was last asked for again.
alter table invitation_list add column if not exists asked_on timestamptz;

create unique index if not exists one_open_invitation on invitation_list (organization_id, scope, email_key) where is_open;
drop index if exists ix_invitation_list_invitee;
create index if not exists invitations_of_invitee on invitation_list (invitee_id);
create index if not exists invitations_of_address on invitation_list (email_key);
create index if not exists ix_invitation_list_organization on invitation_list (organization_id, status, first_name, id);
create index if not exists ix_invitation_list_status on invitation_list (status, first_name, id);

-- Every link that was ever made, by the hash of its token: one that was replaced says so.
create table if not exists invitation_links (
    token_hash      text not null constraint invitation_links_pkey primary key,
    invitation_id   uuid not null,
    organization_id uuid not null,
    generation      int  not null
);
