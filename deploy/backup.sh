#!/usr/bin/env bash
# Backs up databases of InviteHub while they serve:  deploy/backup.sh FOLDER DATABASE...
# Where the server is and who asks say PGHOST, PGPORT, PGUSER and PGPASSWORD (or ~/.pgpass), as for psql; the owner of a database may do it.
#
#   FOLDER/DATABASE.dump        all of it but the keys
#   FOLDER/DATABASE.state       what restore.sh holds the restored database to
#   FOLDER/keys/DATABASE.dump   the keys: to be kept elsewhere, and for a shorter time (docs/operations.md)
set -euo pipefail

[ $# -ge 2 ] || { echo "usage: backup.sh FOLDER DATABASE..." >&2; exit 2; }
folder=$1
shift
umask 077
mkdir -p "$folder/keys"

for database in "$@"; do
  # All parts are of one instant: that of this transaction, which has no id and so holds nobody up.
  coproc instant { psql -XqAt -v ON_ERROR_STOP=1 -d "$database"; }
  session=$instant_PID
  ask() { printf '%s\n' "$1" >&"${instant[1]}" && read -r "$2" <&"${instant[0]}"; }
  ask "begin isolation level repeatable read read only; select pg_export_snapshot();" snapshot
  ask "select to_regclass('mt_events') is not null;" has_streams

  if [ "$has_streams" = t ]; then
    ask "select format('%s %s %s %s %s', pg_snapshot_xmax(pg_current_snapshot()), extract(epoch from now()), count(*), (select count(*) from mt_events),
      coalesce(encode(sha256(string_agg(sha256(convert_to(audit.head_line(s.tenant_id, s.id, s.version, e.hash), 'UTF8')), ''::bytea
        order by s.tenant_id collate \"C\", s.id collate \"C\")), 'hex'), '-'))
      from mt_streams s left join mt_events e on e.tenant_id = s.tenant_id and e.stream_id = s.id and e.version = s.version;" state
    pg_dump -d "$database" --snapshot="$snapshot" -Fc --exclude-table-data='keys.subject_keys' -f "$folder/$database.dump"
    pg_dump -d "$database" --snapshot="$snapshot" -Fc --data-only -t keys.subject_keys -f "$folder/keys/$database.dump"
    printf '%s\n' "$state" >"$folder/$database.state"
    echo "$database: $(cut -d' ' -f4 <<<"$state") events in $(cut -d' ' -f3 <<<"$state") streams"
  else
    # The key ring: nothing but keys.
    pg_dump -d "$database" --snapshot="$snapshot" -Fc -f "$folder/keys/$database.dump"
    echo "$database: keys alone"
  fi
  exec {instant[1]}>&-
  wait "$session"
done
