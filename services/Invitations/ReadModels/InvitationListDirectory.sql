-- The list (INV-06): found by parts of names and addresses, whatever their case and accents, in five orders, and counted.
create extension if not exists unaccent;
create extension if not exists pg_trgm;

-- Upper and lower case, accents and composed characters are one: "o" finds "Ö". Immutable as long as nobody edits unaccent's own rules. The
-- names in it are looked up where it is made: a rebuild beside the live table has another search path. In PL/pgSQL, since each row that is
-- written asks it some times, and SQL's functions are planned anew in each statement.
create or replace function invitations_fold(value text) returns text language plpgsql immutable parallel safe strict set search_path from current as
$$ begin return lower(unaccent('unaccent', normalize(value, nfkc))); end $$;

-- What a search looks for: the folded text, with nothing in it that like takes for a pattern.
create or replace function invitations_pattern(search text) returns text language sql immutable parallel safe strict as
$$ select '%' || regexp_replace(invitations_fold(search), '([\\%_])', '\\\1', 'g') || '%' $$;

-- How the words of a folded text begin: with one letter and with two, or, of a word that is searched for, with all it has up to so many.
create or replace function invitations_starts(folded text) returns text[] language plpgsql immutable parallel safe strict as
$$ begin
    return (select coalesce(array_agg(distinct left(word, letters)), '{}')
            from regexp_split_to_table(folded, '[[:space:][:punct:]]+') as word, generate_series(1, 2) as letters where length(word) >= letters);
end $$;

create or replace function invitations_starts(folded text, most int) returns text[] language sql immutable parallel safe strict as
$$ select coalesce(array_agg(left(word, most)), '{}') from regexp_split_to_table(folded, '[[:space:][:punct:]]+') as word where word <> '' $$;

alter table invitation_list add column if not exists first_name_key text collate "C" generated always as (invitations_fold(first_name)) stored;
alter table invitation_list add column if not exists last_name_key text collate "C" generated always as (invitations_fold(last_name)) stored;
alter table invitation_list add column if not exists organization_key text collate "C" generated always as (invitations_fold(coalesce(organization, ''))) stored;
alter table invitation_list add column if not exists search_key text collate "C"
    generated always as (invitations_fold(first_name || ' ' || last_name || ' ' || email)) stored;
alter table invitation_list add column if not exists search_starts text[] collate "C"
    generated always as (invitations_starts(invitations_fold(first_name || ' ' || last_name || ' ' || split_part(email, '@', 1)))) stored;

-- Room in each page for what changes often and stands in no index: what became of a mail. So that costs no index anything.
alter table invitation_list set (fillfactor = 70);

drop index if exists ix_invitation_list_organization;
drop index if exists ix_invitation_list_status;
-- Those that the list shows unless asked otherwise, in each of its orders.
create index if not exists invitations_by_first_name on invitation_list (first_name_key, id)
    where status in ('requested', 'waiting', 'pending', 'expired');
create index if not exists invitations_by_last_name on invitation_list (last_name_key, id)
    where status in ('requested', 'waiting', 'pending', 'expired');
create index if not exists invitations_by_organization on invitation_list (organization_key, id)
    where status in ('requested', 'waiting', 'pending', 'expired');
create index if not exists invitations_by_email on invitation_list (email_key collate "C", id)
    where status in ('requested', 'waiting', 'pending', 'expired');
create index if not exists invitations_by_sent_on on invitation_list (sent_on, id)
    where status in ('requested', 'waiting', 'pending', 'expired');
-- With the end, by which pending ones are told from those whose time is up without a look at their rows.
create index if not exists invitations_by_status_with_end on invitation_list (status, first_name_key, id) include (expires_on);
drop index if exists invitations_by_status;
create index if not exists invitations_of_organization on invitation_list (organization_id, first_name_key, id);
create index if not exists invitations_of_sender on invitation_list (sent_by, first_name_key, id);
create index if not exists invitations_by_end on invitation_list (expires_on) where status = 'pending';
create index if not exists invitations_search on invitation_list using gin (search_key gin_trgm_ops);
create index if not exists invitations_starts on invitation_list using gin (search_starts);

-- How many there are, and what has changed since they were added up: so nobody waits for another's row.
create table if not exists invitation_counts (
    organization_id uuid   not null,
    way             text   not null,
    status          text   not null,
    invitations     bigint not null,
    constraint invitation_counts_pkey primary key (organization_id, way, status)
);

create table if not exists invitation_count_changes (
    organization_id uuid   not null,
    way             text   not null,
    status          text   not null,
    invitations     bigint not null
);

create or replace function add_up_invitations() returns void language sql as $$
    with changed as (delete from invitation_count_changes returning organization_id, way, status, invitations)
    insert into invitation_counts as c (organization_id, way, status, invitations)
    select organization_id, way, status, sum(invitations) from changed group by 1, 2, 3 having sum(invitations) <> 0 order by 1, 2, 3
    on conflict on constraint invitation_counts_pkey do update set invitations = c.invitations + excluded.invitations;
$$;

insert into invitation_counts (organization_id, way, status, invitations)
select organization_id, way, status, count(*) from invitation_list
where not exists (select from invitation_counts) and not exists (select from invitation_count_changes) group by 1, 2, 3;
