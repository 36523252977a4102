-- What time has yet to do to invitations (INV-22): end them, and remind of them before. One row each until it is done; no personal data.
create table if not exists invitation_timers (
    invitation_id   uuid        not null,
    organization_id uuid        not null,
    -- How many days before the end; 0 is the end itself.
    days_before     int         not null,
    -- When it may be taken up: at its time, or when whoever took it has not done it by then.
    due_at          timestamptz not null,
    -- After which it is of no use: the next reminder's time.
    useful_until    timestamptz not null,
    constraint invitation_timers_pkey primary key (invitation_id, days_before)
);

create index if not exists ix_invitation_timers_due_at on invitation_timers (due_at);

-- The timers of links that have just been made, instead of those of the ones before them: the reminders that the organization wants now, and the end.
create or replace function set_invitation_timers(invitations uuid[], organizations uuid[], made timestamptz[], ends timestamptz[])
returns void language plpgsql as $$
begin
    delete from invitation_timers t where t.invitation_id = any(invitations);
    insert into invitation_timers (invitation_id, organization_id, days_before, due_at, useful_until)
    select invitation, organization, days, at, coalesce(lead(at) over (partition by invitation order by days desc), 'infinity')
    from unnest(invitations, organizations, made, ends) as link (invitation, organization, made_at, ends_at)
    cross join lateral (
        select 0 as days
        union select unnest(s.reminder_days) from organization_settings s where s.organization_id = link.organization) as wanted
    cross join lateral (select ends_at - days * interval '24 hours' as at) as timed
    where at > made_at or days = 0;
end $$;

-- One link at a time, as an instance of the version before asks for it until it is replaced.
create or replace function set_invitation_timers(invitation uuid, organization uuid, now_is timestamptz, ends timestamptz)
returns void language sql as $$ select set_invitation_timers(array[invitation], array[organization], array[now_is], array[ends]) $$;

-- Invitations that were opened before there were timers.
insert into invitation_timers (invitation_id, organization_id, days_before, due_at, useful_until)
select id, organization_id, 0, expires_on, 'infinity' from invitation_list
where status = 'pending' and expires_on is not null and not exists (select from invitation_timers);

-- Takes so many that are due, until an instant. By the index alone, whatever PostgreSQL last knew of the table: a million may have come since.
create or replace function take_invitation_timers(at_most int, at timestamptz, until timestamptz)
returns setof invitation_timers language sql
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
    update invitation_timers t set due_at = until
    from (select invitation_id, days_before from invitation_timers where due_at <= at order by due_at limit at_most for update skip locked) next
    where t.invitation_id = next.invitation_id and t.days_before = next.days_before
    returning t.*
$$;
