#!/usr/bin/env bash
# Runs every test; the last line is the sum. Installs and builds what is missing first.
#   ./test.sh [filter]     such as ./test.sh Feature=OPS-03 or ./test.sh FullyQualifiedName~Invitations
set -euo pipefail

cd "$(dirname "$(readlink -f "$0")")"
. .ci/prerequisites.sh

results=artifacts/test-results
rm -rf "$results"
dotnet build InviteHub.sln -c Release --nologo -v quiet -clp:NoSummary -nodeReuse:false

passed=0 failed=0 skipped=0
for project in tests/*.Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  printf '\n%s\n' "$name"
  status=0
  dotnet test "$project" --no-build -c Release --nologo ${1:+--filter "$1"} --results-directory "$results/$name" \
    --logger trx --logger 'console;verbosity=minimal' </dev/null || status=$?

  project_failed=0
  for trx in "$results/$name"/*.trx; do
    [ -e "$trx" ] || continue
    # <Counters total="3" executed="2" passed="1" failed="1" .../>: what was skipped was not executed.
    read -r total executed ok bad < <(sed -nE 's/.*<Counters total="([0-9]+)" executed="([0-9]+)" passed="([0-9]+)" failed="([0-9]+)".*/\1 \2 \3 \4/p' "$trx") || continue # Cut short: no counts.
    passed=$((passed + ok)) skipped=$((skipped + total - executed)) project_failed=$((project_failed + bad))
  done
  if [ "$status" != 0 ] && [ "$project_failed" = 0 ]; then
    echo "$name did not finish (exit code $status); that counts as one failure." >&2
    project_failed=1
  fi
  failed=$((failed + project_failed))
done

printf '\n%d passed, %d failed' "$passed" "$failed"
[ "$skipped" = 0 ] || printf ', %d skipped' "$skipped"
printf '\n'
[ "$failed" = 0 ] && [ "$passed" != 0 ]
