# Sourced by run.sh and test.sh, with the repository as the working directory: makes sure that what InviteHub runs on is here.
# Installs nothing that is here already, and asks the network for nothing then.

has() { compgen -G "$1" >/dev/null; }

say() { printf '%s\n' "$*" >&2; }

missing_packages() {
  has '/usr/lib/postgresql/*/bin/initdb' || echo postgresql
  has '/usr/share/postgresql/*/extension/pg_trgm.control' || echo postgresql-contrib
  { has '/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server' && command -v epmd >/dev/null; } || echo rabbitmq-server
  # Tests put it before PostgreSQL.
  [ -x /usr/sbin/pgbouncer ] || echo pgbouncer
  # The tests search models of protocols: docs/models.
  command -v spin >/dev/null || echo spin
  command -v gcc >/dev/null || echo gcc libc6-dev
  command -v chromium >/dev/null || echo chromium
  { command -v setpriv && command -v setsid; } >/dev/null || echo util-linux
}

# PostgreSQL and RabbitMQ are run by InviteHub itself, each checkout its own: the packages must not start the machine's.
# While they are installed, policy-rc.d says no to every service; what stood there before comes back in any case.
policy=/usr/sbin/policy-rc.d
marker='# Written by InviteHub while it installs packages.'

allow_services_again() {
  if as_root grep -qsF "$marker" "$policy"; then as_root rm -f "$policy"; fi
  if as_root test -e "$policy.invitehub"; then as_root mv "$policy.invitehub" "$policy"; fi
}

install_packages() (
  allow_services_again # After an installation that was killed.
  trap allow_services_again EXIT
  trap 'exit 130' INT TERM HUP
  if as_root test -e "$policy"; then as_root mv "$policy" "$policy.invitehub"; fi
  printf '#!/bin/sh\n%s\nexit 101\n' "$marker" | as_root tee "$policy" >/dev/null && as_root chmod 755 "$policy" || exit 1
  export DEBIAN_FRONTEND=noninteractive
  as_root dpkg --configure -a >&2
  as_root apt-get -qq -o DPkg::Lock::Timeout=600 update >&2
  as_root apt-get -qq -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$@" >&2
)

for program in dotnet node npm; do
  command -v "$program" >/dev/null || { say "$program is missing: install the .NET SDK 10 and Node.js 20 or newer first."; exit 1; }
done

missing=$(missing_packages | tr '\n' ' ')
if [ -n "$missing" ]; then
  if ! command -v apt-get >/dev/null; then
    say "These Debian packages, or what they are called here, are missing: $missing"
    exit 1
  elif [ "$(id -u)" = 0 ]; then
    as_root() { "$@"; }
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root() { sudo -n --preserve-env=DEBIAN_FRONTEND "$@"; }
  else
    say "Packages are missing, and only root can install them. Run this and try again:"
    say "  sudo apt-get update && sudo apt-get install $missing"
    exit 1
  fi
  say "Installing $missing"
  # shellcheck disable=SC2086 # A list of names.
  install_packages $missing || { say "Installing $missing failed; see above."; exit 1; }
  missing=$(missing_packages | tr '\n' ' ')
  [ -z "$missing" ] || { say "Still missing after installation: $missing"; exit 1; }
fi

# The local mail inbox. npm leaves its own copy of the lock file when it is done.
maildev=InviteHub.AppHost/maildev
if [ "$maildev/package-lock.json" -nt "$maildev/node_modules/.package-lock.json" ]; then
  say "Installing the mail inbox"
  npm ci --prefix "$maildev" --no-audit --no-fund --loglevel=error >&2
fi
