-- What organizations ask of every invitation to them (INV-05, INV-22, INV-23), as Subscriptions last told. Without a row, nothing is asked.
create table if not exists organization_settings (
    organization_id   uuid    not null constraint organization_settings_pkey primary key,
    valid_for_days    int     not null,
    allowed_domains   text[]  not null,
    hourly_limit      int,
    requires_approval boolean not null,
    reminder_days     int[]   not null,
    told_by           uuid    not null
);

-- How many invitations were asked for in which minute, where an organization limits them.
create table if not exists hourly_invitations (
    organization_id uuid        not null,
    minute          timestamptz not null,
    invitations     int         not null,
    constraint hourly_invitations_pkey primary key (organization_id, minute)
);

-- Takes some of the places that an hour has, in the commit of the requests. Those of one organization wait for each other at its settings, so
-- that each counts what was committed before it. A minute counts until its last second is an hour ago.
drop function if exists take_hourly_place(uuid, timestamptz);
create or replace function take_hourly_place(organization uuid, now_is timestamptz, places int default 1) returns void language plpgsql as $$
declare most int;
begin
    select s.hourly_limit into most from organization_settings s
    where s.organization_id = organization and s.hourly_limit is not null for no key update;
    if most is null then
        return;
    end if;
    delete from hourly_invitations h where h.organization_id = organization and h.minute <= now_is - interval '61 minutes';
    if (select coalesce(sum(h.invitations), 0) from hourly_invitations h where h.organization_id = organization) + places > most then
        raise exception 'the hour is full' using errcode = 'unique_violation', constraint = 'hourly_invitation_limit';
    end if;
    insert into hourly_invitations as h values (organization, date_trunc('minute', now_is), places)
    on conflict on constraint hourly_invitations_pkey do update set invitations = h.invitations + places;
end $$;
