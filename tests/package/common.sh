# shellcheck shell=bash
# What the packaging tests share. Sourced, never run. The first expectation that fails ends the test.

# shellcheck disable=SC2034 # for those who source this
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
work=$(mktemp -d "${TMPDIR:-/tmp}/syncgate-package-test.XXXXXX")
# Commands, run last to first when the test ends.
# shellcheck disable=SC2016
cleanups=('rm -rf "$work"')
# Called by the trap below.
# shellcheck disable=SC2317
clean_up() {
  local index
  for ((index = ${#cleanups[@]} - 1; index >= 0; --index)); do eval "${cleanups[index]}" || true; done
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

fail() {
  echo "FAILED: $*" >&2
  exit 1
}
passed() { echo "ok: $*"; }

exec </dev/null

# must CODE COMMAND...: it exits with CODE; sets `out` and `err`.
must() {
  local expected=$1 code=0
  shift
  "$@" >"$work/out" 2>"$work/err" || code=$?
  out=$(<"$work/out") err=$(<"$work/err")
  ((code == expected)) || fail "exit $code instead of $expected: $*"$'\n'"$out"$'\n'"$err"
}
# says TEXT: the last command said so, on stdout or stderr.
says() { [[ $out$err == *"$1"* ]] || fail "it should have said '$1': $out"$'\n'"$err"; }

# use_sandbox FLAVOR: its environment; without one the test ends with 69, or fails where the flavour is required.
use_sandbox() {
  local name=SYNCGATE_SANDBOX_${1^^} required=SYNCGATE_REQUIRE_${1^^}
  if [[ -z ${!name-} ]]; then
    [[ ${!required-} != 1 ]] || fail "$name is not set, and $required=1"
    echo "SKIPPED: no sandbox of $1: $name is not set (ci/test sets it)" >&2
    exit 69
  fi
  # shellcheck source=/dev/null
  source "${!name}/env"
}

# on SERVER SQL: as admin, tab-separated. SERVER: source, node1 or node2.
on() {
  local port=${1^^}_PORT password=${1^^}_ADMIN_PASSWORD
  MYSQL_PWD=${!password} "$SANDBOX_MYSQL" --no-defaults --default-character-set=utf8mb4 -N -uadmin -h127.0.0.1 \
    "-P${!port}" -e "$2"
}

# make_world DIR: a database of its own on all three servers, one row missing and one changed on both nodes, and
# DIR/syncgate.yml. node1 is reached over SSH, node2 directly.
make_world() {
  local server
  world=package_test_$$
  cleanups+=('drop_world')
  for server in source node1 node2; do
    on "$server" "CREATE DATABASE $world; CREATE TABLE $world.rules (id INT PRIMARY KEY, name VARCHAR(20));
      INSERT INTO $world.rules VALUES (1,'one'),(2,'old')"
  done
  on source "UPDATE $world.rules SET name='new' WHERE id=2; INSERT INTO $world.rules VALUES (3,'three')"
  cat >"$1/syncgate.yml" <<PROJECT
version: 1
source:
  mysql: {host: 127.0.0.1, port: $SOURCE_PORT, user: admin, password_env: SOURCE_ADMIN_PASSWORD, database: $world}
nodes:
  node1:
    ssh: {host: 127.0.0.1, port: $NODE1_SSH_PORT, user: $SANDBOX_SSH_USER, key_file: $SANDBOX_SSH_KEY, known_hosts: $SANDBOX_KNOWN_HOSTS}
    mysql: {host: 127.0.0.1, port: $NODE1_PORT, user: admin, password_env: NODE1_ADMIN_PASSWORD, database: $world}
  node2:
    mysql: {host: 127.0.0.1, port: $NODE2_PORT, user: admin, password_env: NODE2_ADMIN_PASSWORD, database: $world}
data:
  tables: {rules: {}}
PROJECT
}
# Called by clean_up.
# shellcheck disable=SC2317
drop_world() { for server in source node1 node2; do on "$server" "DROP DATABASE IF EXISTS $world"; done; }

# What a step needs of the environment; everything else stays away.
step_environment=(PATH=/nonexistent HOME=/nonexistent)
passwords() {
  step_environment+=("SOURCE_ADMIN_PASSWORD=$SOURCE_ADMIN_PASSWORD" "NODE1_ADMIN_PASSWORD=$NODE1_ADMIN_PASSWORD"
    "NODE2_ADMIN_PASSWORD=$NODE2_ADMIN_PASSWORD")
}

# rows SERVER: what the table holds there.
rows() { on "$1" "SELECT GROUP_CONCAT(CONCAT(id,name) ORDER BY id) FROM $world.rules"; }

# make_root SUITE VARIANT DIR: a fresh Debian by mmdebstrap, from the mirror of this machine; makes the function in_root.
# Ends the test with 69 where that cannot be.
make_root() {
  local tool mirror
  for tool in mmdebstrap unshare chroot; do
    command -v "$tool" >/dev/null || { echo "SKIPPED: no $tool (ci/deps)" >&2 && exit 69; }
  done
  ((EUID == 0)) || { echo 'SKIPPED: a root of its own wants to be made by root' >&2 && exit 69; }
  unshare --mount true 2>/dev/null || { echo 'SKIPPED: mounts of our own are not allowed here' >&2 && exit 69; }
  # shellcheck disable=SC2016 # apt's own variables
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT)' 'Created-By: Packages' |
    sed -nE '/-security/d; s|^(.*/debian/?) main$|\1|p' | head -n 1)
  [[ -n $mirror ]] || { echo "SKIPPED: no mirror of Debian in apt's sources" >&2 && exit 69; }
  root_directory=$3
  must 0 mmdebstrap --quiet --mode=root --variant="$2" "$1" "$root_directory" "$mirror"
  # /proc, in a mount namespace that goes with the command.
  # shellcheck disable=SC2016,SC2317
  in_root() {
    env -i "${step_environment[@]}" PATH=/usr/sbin:/usr/bin:/sbin:/bin unshare --mount --propagation private \
      sh -c 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' "$root_directory" "$@"
  }
}
