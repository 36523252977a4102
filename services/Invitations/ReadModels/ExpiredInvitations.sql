-- Invitations that expired and that their inviter was not told of yet (INV-22). No personal data.
create table if not exists expired_invitations (
    invitation_id   uuid not null constraint expired_invitations_pkey primary key,
    organization_id uuid not null,
    inviter_id      uuid not null
);

create index if not exists ix_expired_invitations_inviter on expired_invitations (organization_id, inviter_id);

-- When an inviter is told next, if anything has expired by then: one row for everybody who ever had an invitation expire.
create table if not exists expiry_digests (
    organization_id uuid        not null,
    inviter_id      uuid        not null,
    -- At its time, or when whoever took it up has not done it by then.
    due_at          timestamptz not null,
    constraint expiry_digests_pkey primary key (organization_id, inviter_id)
);

create index if not exists ix_expiry_digests_due_at on expiry_digests (due_at);
