-- Whom each invitation is for, and what was last heard of it: Invitations tells the one, Notifications the other, in either order.
create table if not exists user_invitations (
    invitation_id uuid not null constraint user_invitations_pkey primary key,
    user_id       uuid,
    status        varchar,
    told_by       uuid
);

alter table user_invitations add column if not exists error varchar;
-- The address that an invitation to an account goes to: that its mail came back says nothing of another one.
alter table user_invitations add column if not exists email_key varchar;
