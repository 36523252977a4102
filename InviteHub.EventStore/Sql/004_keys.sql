-- One key per data subject, wrapped by the master key and kept apart from the events: a dump of the public schema alone
-- opens nothing. Erasing a subject empties the row; the row itself stays as the proof that there was one.
create schema if not exists keys;

create table if not exists keys.subject_keys (
    subject       varchar     not null constraint subject_keys_pkey primary key,
    master_key_id varchar     not null,
    wrapped_key   bytea,
    created_at    timestamptz not null default now(),
    erased_at     timestamptz
);

-- What was erased of a person here, how much and when: counted in the commits that erase, so that a repeated attempt adds nothing.
create table if not exists keys.erased (
    person    uuid        not null,
    what      varchar     not null,
    items     bigint      not null,
    erased_at timestamptz not null,
    constraint erased_pkey primary key (person, what)
);

-- The ids that a forgotten person was a subject under: an erasure that was killed half-way goes on with all of them.
create table if not exists keys.erased_subjects (
    person  uuid not null,
    subject uuid not null,
    constraint erased_subjects_pkey primary key (person, subject)
);

-- In the commit of events with personal data: keeps the keys that it was encrypted under until the commit, so that a subject is forgotten
-- either before it, or after it with all that it wrote in clear beside the events. IH004: one was forgotten meanwhile.
create or replace function ih_hold_keys(subjects varchar[]) returns void language plpgsql as $$
declare
    held int;
begin
    perform from keys.subject_keys k where k.subject = any(subjects) and k.wrapped_key is not null order by k.subject for share;
    get diagnostics held = row_count;
    if held <> cardinality(subjects) then
        raise exception 'a subject was forgotten meanwhile' using errcode = 'IH004', hint = 'a subject''s key';
    end if;
end $$;

-- Whether somebody is forgotten, for what keeps people without encrypting them; nobody forgets them before the end of this transaction.
create or replace function ih_is_forgotten(who varchar) returns boolean language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(732, hashtext(who));
    return exists (select from keys.subject_keys k where k.subject = who and k.erased_at is not null);
end $$;

-- Destroys the keys of subjects, known or not: what comes of them later is forgotten too. Answers how many there were.
create or replace function ih_forget(subjects varchar[], master varchar, at timestamptz, channel varchar) returns int language plpgsql as $$
declare
    who       varchar;
    existed   boolean;
    destroyed int := 0;
begin
    for who in select distinct s from unnest(subjects) s order by s loop
        perform pg_advisory_xact_lock(732, hashtext(who));
        insert into keys.subject_keys as k (subject, master_key_id, created_at, erased_at) values (who, master, at, at)
        on conflict (subject) do update set wrapped_key = null, erased_at = at where k.erased_at is null
        returning k.xmax <> 0 into existed;
        if existed then
            destroyed := destroyed + 1;
        end if;
        perform pg_notify(channel, who);
    end loop;
    return destroyed;
end $$;
