-- Who has, or waits for, which seat: to find all of a person. The stream of the subscription decides.
create table if not exists seat_holders (
    subscription_id uuid not null,
    invitation_id   uuid not null,
    organization_id uuid not null,
    person_id       uuid not null,
    constraint seat_holders_pkey primary key (subscription_id, invitation_id)
);

create index if not exists ix_seat_holders_person on seat_holders (person_id);

-- Seats that were taken before there was this table.
insert into seat_holders (subscription_id, invitation_id, organization_id, person_id)
select subscription_id, invitation_id, organization_id, person_id
from (
    select distinct on (e.tenant_id, e.stream_id, e.data ->> 'invitationId')
        substring(e.stream_id from 14)::uuid as subscription_id, (e.data ->> 'invitationId')::uuid as invitation_id, e.tenant_id::uuid as organization_id,
        coalesce(e.data ->> 'toUserId', e.data ->> 'userId', e.data ->> 'inviteeId')::uuid as person_id
    from mt_events e
    where not exists (select from seat_holders) and e.stream_id like 'subscription-%' and e.data ? 'invitationId'
    order by e.tenant_id, e.stream_id, e.data ->> 'invitationId', e.version desc) latest
where person_id is not null;
