-- Batches of invitations, and each of their rows with what came of it. What a row says of its person is ciphertext under the key of the invitee;
-- it stays while its correction can be downloaded. Rows whose batch did not begin yet are being read.
create table if not exists invitation_batches (
    id              uuid        not null constraint invitation_batches_pkey primary key,
    organization_id uuid        not null,
    way             varchar     not null,
    status          varchar     not null,
    dry_run         boolean     not null,
    total           int         not null,
    invited_by_role varchar     not null,
    started_by      uuid        not null,
    started_at      timestamptz not null,
    committed_by    uuid,
    committed_at    timestamptz,
    ended_by        uuid,
    ended_at        timestamptz
);

-- Until when it can be committed; and what a second person has to say, where the organization asks for one: awaited, approved or rejected.
alter table invitation_batches add column if not exists ready_until timestamptz;
alter table invitation_batches add column if not exists approval varchar;
alter table invitation_batches add column if not exists approval_decided_by uuid;
update invitation_batches set ready_until = now() + interval '1 day' where status = 'ready' and ready_until is null;

create index if not exists ix_invitation_batches_ready on invitation_batches (ready_until) where status = 'ready';
create index if not exists ix_invitation_batches_organization on invitation_batches (organization_id, started_at);
create index if not exists ix_invitation_batches_active on invitation_batches (status) where status in ('running', 'undoing', 'cancelled');

-- How many seats a batch's subscription would have given when it was checked; null when as many as asked for.
create table if not exists invitation_batch_seats (
    batch_id        uuid    not null,
    subscription_id uuid    not null,
    free            int,
    waits           boolean not null,
    constraint invitation_batch_seats_pkey primary key (batch_id, subscription_id)
);

create table if not exists invitation_batch_rows (
    batch_id        uuid        not null,
    line            int         not null,
    invitation_id   uuid        not null,
    invitee_id      uuid        not null,
    is_existing     boolean     not null,
    app_id          uuid,
    subscription_id uuid,
    role            text,
    -- read, planned (it is shown what it will become), asked (its invitation exists), done, failed, cancelled or undone
    state           varchar     not null,
    -- What was shown: invite or wait.
    plan            varchar,
    sealed          bytea,
    taken_until     timestamptz,
    code            varchar,
    columns         varchar,
    reason          varchar,
    read_at         timestamptz not null,
    constraint invitation_batch_rows_pkey primary key (batch_id, line)
);

-- The facts that decided that it fails, by name (INV-25).
alter table invitation_batch_rows add column if not exists facts jsonb;

create unique index if not exists ix_invitation_batch_rows_invitation on invitation_batch_rows (invitation_id);
drop index if exists ix_invitation_batch_rows_planned;
create index if not exists ix_invitation_batch_rows_open on invitation_batch_rows (batch_id, line) where state in ('read', 'planned', 'asked');

-- In the commit of their invitations: rows are begun as long as they are what was shown. IH001: somebody else was faster, or they were cancelled.
create or replace function begin_batch_rows(batch uuid, lines int[]) returns void language plpgsql as $$
declare
    begun int;
begin
    update invitation_batch_rows set state = 'asked', taken_until = null where batch_id = batch and line = any(lines) and state = 'planned';
    get diagnostics begun = row_count;
    if begun <> cardinality(lines) then
        raise exception 'rows of batch % were changed meanwhile', batch using errcode = 'IH001', hint = batch::text;
    end if;
end $$;
