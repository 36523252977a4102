-- The directory (USR-01): people found by parts of names and addresses, whatever their case and accents, in five orders, and counted.
create extension if not exists unaccent;
create extension if not exists pg_trgm;

-- Upper and lower case, accents and composed characters are one: "o" finds "Ö". Immutable as long as nobody edits unaccent's own rules.
-- In PL/pgSQL, since each row that is written asks it some times, and SQL's functions are planned anew in each statement.
create or replace function users_fold(value text) returns text language plpgsql immutable parallel safe strict set search_path from current as
$$ begin return lower(unaccent('unaccent', normalize(value, nfkc))); end $$;

-- What a search looks for: the folded text, with nothing in it that like takes for a pattern.
create or replace function users_pattern(search text) returns text language sql immutable parallel safe strict as
$$ select '%' || regexp_replace(users_fold(search), '([\\%_])', '\\\1', 'g') || '%' $$;

-- How the words of a folded text begin: with one letter and with two, or, of a word that is searched for, with all it has up to so many.
create or replace function users_starts(folded text) returns text[] language plpgsql immutable parallel safe strict as
$$ begin
    return (select coalesce(array_agg(distinct left(word, letters)), '{}')
            from regexp_split_to_table(folded, '[[:space:][:punct:]]+') as word, generate_series(1, 2) as letters where length(word) >= letters);
end $$;

create or replace function users_starts(folded text, most int) returns text[] language sql immutable parallel safe strict as
$$ select coalesce(array_agg(left(word, most)), '{}') from regexp_split_to_table(folded, '[[:space:][:punct:]]+') as word where word <> '' $$;

alter table users add column if not exists invitation_status varchar not null default 'notInvited';
-- The event that the status was last told by: an older one that comes late changes nothing.
alter table users add column if not exists invitation_told_by uuid;
-- What went wrong, beside the status error.
alter table users add column if not exists invitation_error varchar;
-- Why mail to the address came back for good; goes with the address.
alter table users add column if not exists undeliverable varchar;
alter table users add column if not exists avatar_id uuid;
alter table users add column if not exists first_name_key text collate "C" generated always as (users_fold(first_name)) stored;
alter table users add column if not exists last_name_key text collate "C" generated always as (users_fold(last_name)) stored;
alter table users add column if not exists search_key text collate "C"
    generated always as (users_fold(first_name || ' ' || last_name || ' ' || email)) stored;
alter table users add column if not exists search_starts text[] collate "C"
    generated always as (users_starts(users_fold(first_name || ' ' || last_name || ' ' || split_part(email, '@', 1)))) stored;

drop index if exists users_first_name;
drop index if exists users_by_activity;
create index if not exists users_by_first_name on users (first_name_key, id);
create index if not exists users_by_last_name on users (last_name_key, id);
create index if not exists users_by_email on users (email_key collate "C", id);
create index if not exists users_by_created on users (created_at, id);
-- With the column beside, without which a deep page would read the rows before it.
create index if not exists users_by_last_activity on users (coalesce(last_activity_at, '-infinity'::timestamptz), id) include (last_activity_at);
create index if not exists users_by_role on users (system_role, first_name_key, id);
create index if not exists users_by_invitation_status on users (invitation_status, first_name_key, id);
create index if not exists users_search on users using gin (search_key gin_trgm_ops);
create index if not exists users_starts on users using gin (search_starts);
create index if not exists user_roles_role on user_roles (role);
create index if not exists user_app_roles_organization on user_app_roles (organization_id);

-- How many users there are of each role and status, so that a total costs no scan. In sixteen parts: two who add users at once seldom
-- wait for each other.
create table if not exists user_counts (
    system_role       varchar  not null,
    invitation_status varchar  not null,
    part              smallint not null,
    users             bigint   not null,
    constraint user_counts_pkey primary key (system_role, invitation_status, part)
);

create or replace function users_count() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        update user_counts set users = users - 1
        where system_role = old.system_role and invitation_status = old.invitation_status and part = get_byte(uuid_send(old.id), 15) & 15;
    end if;
    if tg_op <> 'DELETE' then
        insert into user_counts as c (system_role, invitation_status, part, users)
        values (new.system_role, new.invitation_status, get_byte(uuid_send(new.id), 15) & 15, 1)
        on conflict on constraint user_counts_pkey do update set users = c.users + 1;
    end if;
    return null;
end $$;

insert into user_counts (system_role, invitation_status, part, users)
select system_role, invitation_status, get_byte(uuid_send(id), 15) & 15, count(*) from users
where not exists (select from user_counts) group by 1, 2, 3;

create or replace trigger users_count after insert or delete or update of system_role, invitation_status on users
    for each row execute function users_count();

-- Which version of the directory it is: what a search found is kept for one (FoundIds). Activity is not told, it changes all the time.
create sequence if not exists users_version;
create or replace function users_changed() returns trigger language plpgsql as $$
begin
    perform nextval('users_version');
    return null;
end $$;

create or replace trigger users_changed
    after insert or delete or update of email, first_name, last_name, system_role, invitation_status on users execute function users_changed();
create or replace trigger users_changed after insert or delete or update on user_organizations execute function users_changed();
create or replace trigger users_changed after insert or delete or update on user_app_roles execute function users_changed();
create or replace trigger users_changed after insert or delete or update on user_roles execute function users_changed();
