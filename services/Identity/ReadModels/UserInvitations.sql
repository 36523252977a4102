-- Whom each invitation is for, and what was last heard of it: Invitations tells the one, Notifications the other, in either order.
create table if not exists user_invitations (
    invitation_id uuid not null constraint user_invitations_pkey primary key,
    user_id       uuid,
    status        varchar,
    told_by       uuid
);
