#!/usr/bin/env bash
# Brings up all of InviteHub in the foreground; Ctrl+C stops it. Installs and builds what is missing first.
#   ./run.sh           with an empty system, but for its first System admin
#   ./run.sh --demo    with organizations, apps, subscriptions and people
# INVITEHUB_PORT, INVITEHUB_DATA, INVITEHUB_MAIL_UI_PORT, INVITEHUB_DASHBOARD_PORT, INVITEHUB_DASHBOARD_TOKEN,
# INVITEHUB_ADMIN_EMAIL and INVITEHUB_ADMIN_PASSWORD say where and for whom, INVITEHUB_REPLICAS how many of the gateway and of each service.
set -euo pipefail

case "${1:-}" in
  '') ;;
  --demo) export INVITEHUB_DEMO=true ;;
  *) echo "usage: ./run.sh [--demo]" >&2; exit 2 ;;
esac
[ -z "${INVITEHUB_DATA:-}" ] || export INVITEHUB_DATA="$(realpath -m "$INVITEHUB_DATA")"

cd "$(dirname "$(readlink -f "$0")")"
. .ci/prerequisites.sh

dotnet build InviteHub.sln -c Release --nologo -v quiet -clp:NoSummary -nodeReuse:false
exec dotnet artifacts/bin/InviteHub.AppHost/release/InviteHub.AppHost.dll
