-- What a second person has to say of invitations where the organization asks for one (INV-23): awaited, approved or rejected.
create table if not exists invitation_approvals (
    invitation_id   uuid not null constraint invitation_approvals_pkey primary key,
    organization_id uuid not null,
    status          text not null,
    decided_by      uuid,
    decided_at      timestamptz,
    reason          text
);

create index if not exists ix_invitation_approvals_awaited on invitation_approvals (organization_id) where status = 'awaited';
