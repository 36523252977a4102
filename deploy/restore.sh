#!/usr/bin/env bash
# Restores what backup.sh took, into empty databases of a new server, and proves that nothing is missing:  deploy/restore.sh FOLDER DATABASE...
# Make roles and databases first, as for a new installation; no service runs yet. Where the server is says PGHOST and so on, as for psql.
#
# REPEAT (1 day) says for how long before the backup other services are told again what happened: so much may have been on its way between them.
# They know by its id what they have heard, for 30 days.
set -euo pipefail

[ $# -ge 2 ] || { echo "usage: restore.sh FOLDER DATABASE..." >&2; exit 2; }
folder=$1
shift
ask() { psql -XqAt -v ON_ERROR_STOP=1 -d "$database" "$@"; }

# Before anything is changed anywhere.
for database in "$@"; do
  [ "$(ask -c "select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'")" = 0 ] ||
    { echo "$database is not empty: restore into a new one." >&2; exit 1; }
  [ -e "$folder/$database.state" ] || continue
  next=$(cut -d' ' -f1 "$folder/$database.state")
  [ "$(ask -c "select pg_current_xact_id() > '$next'::xid8")" = t ] || {
    echo "This server counts its transactions below $next, and events of later ones would be taken for unfinished. Stop it, raise its count, start it again:" >&2
    echo "  pg_resetwal --epoch=$(((next >> 32) + 1)) --pgdata=FOLDER_OF_THE_SERVER" >&2
    exit 1
  }
done

for database in "$@"; do
  if [ ! -e "$folder/$database.state" ]; then
    pg_restore -d "$database" --exit-on-error --single-transaction "$folder/keys/$database.dump"
    echo "$database: restored"
    continue
  fi

  pg_restore -d "$database" --exit-on-error --single-transaction "$folder/$database.dump"
  if [ -e "$folder/keys/$database.dump" ]; then
    pg_restore -d "$database" --exit-on-error --single-transaction "$folder/keys/$database.dump"
  else
    echo "$database: there are no keys; what is encrypted for people reads as erased." >&2
  fi
  ask -c analyze

  # Every event is there, every stream has the head that it had, every chain holds; what was signed is as it was signed.
  read -r _ taken streams events heads <"$folder/$database.state"
  ask -v streams="$streams" -v events="$events" -v heads="$heads" <<'SQL'
select set_config('restore.streams', :'streams', false), set_config('restore.events', :'events', false), set_config('restore.heads', :'heads', false) \g /dev/null
do $$
declare
    found record;
    tenant varchar := '';
    stream varchar := '';
    looked record;
begin
    select count(*) as streams, (select count(*) from mt_events) as events,
        coalesce(encode(sha256(string_agg(sha256(convert_to(audit.head_line(s.tenant_id, s.id, s.version, e.hash), 'UTF8')), ''::bytea
            order by s.tenant_id collate "C", s.id collate "C")), 'hex'), '-') as heads
    into found
    from mt_streams s left join mt_events e on e.tenant_id = s.tenant_id and e.stream_id = s.id and e.version = s.version;
    if (found.streams::text, found.events::text, found.heads) is distinct from
        (current_setting('restore.streams'), current_setting('restore.events'), current_setting('restore.heads'))
    then
        raise exception 'it is not what was backed up: % events in % streams', found.events, found.streams;
    end if;
    loop
        looked := null;
        for looked in select * from ih_verify_next(tenant, stream, 500) loop
            if looked.broken_at is not null then
                raise exception 'the chain of % is broken at version %', looked.stream_id, looked.broken_at;
            end if;
            tenant := looked.tenant_id;
            stream := looked.stream_id;
        end loop;
        exit when looked is null;
    end loop;
    if exists (
        select from audit.stream_heads h
        left join mt_events e on e.tenant_id = h.tenant_id and e.stream_id = h.stream_id and e.version = h.version
        where e.hash is distinct from h.hash)
    then
        raise exception 'a signed event is missing or another';
    end if;
end $$;
SQL

  # Subscriptions that tell others. A projection that is written behind its streams would have to be rebuilt now; no service has one.
  ask -v taken="$taken" -v repeat="${REPEAT:-1 day}" <<'SQL'
with first as (
    select e.transaction_id, e.seq_id from mt_events e
    where e.timestamp > to_timestamp(:taken) - :'repeat'::interval
    order by e.transaction_id, e.seq_id limit 1)
update mt_event_progression p set last_transaction_id = first.transaction_id, last_seq_id = first.seq_id - 1
from first where (p.last_transaction_id, p.last_seq_id) >= (first.transaction_id, first.seq_id);
SQL
  echo "$database: $events events in $streams streams, all as they were backed up"
done
