#!/usr/bin/env bash
# Builds the image from the Dockerfile and tries it, on a machine without a container engine:
#
#   src/it/image.sh [repository root]
#
# The base images are stand-ins under the public names: a bare Debian with this machine's JDK (25 or newer). They are
# made once and kept in VELO_IMAGE_CACHE, together with all that buildah stores, so nobody else's images are touched.
# Needs root, the Debian packages in `packages` and a Debian mirror; installs nothing itself.
set -euo pipefail

root=$(cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}" && pwd)
cache=${VELO_IMAGE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/velo-image}
packages=(buildah uidmap debootstrap curl jq)
image=localhost/velo:it
work=$(mktemp -d)
container=
runner=

fail() {
  echo "image: $*" >&2
  [[ ! -s $work/log ]] || tail -n 30 "$work/log" >&2
  exit 1
}

say() {
  echo "image: $*"
}

buildah() {
  command buildah --root "$cache/storage" --runroot "$cache/run" "$@"
}

children() { # process
  cat "/proc/$1/task/"*/children 2>/dev/null || true
}

kill_tree() { # process
  local child
  for child in $(children "$1"); do kill_tree "$child"; done
  kill -KILL "$1" 2>/dev/null || true
}

cleanup() {
  [[ -z $runner ]] || kill_tree "$runner"
  [[ -z $container ]] || buildah rm "$container" >/dev/null 2>&1 || true
  rm -rf "$work"
}

check_tools() {
  [[ $EUID -eq 0 ]] || fail "must run as root: debootstrap and chroot need it"
  local tool missing=()
  for tool in buildah newuidmap debootstrap curl jq; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  ((${#missing[@]} == 0)) || fail "not found: ${missing[*]}; they are in the Debian packages: ${packages[*]}"
}

# The home of the first JDK that is version 25 or newer.
jdk() {
  local javac version
  for javac in "${JAVA_HOME:-/none}/bin/javac" /usr/lib/jvm/*/bin/javac; do
    [[ -x $javac ]] || continue
    version=$("$javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
    if ((version >= 25)); then
      dirname "$(dirname "$javac")"
      return
    fi
  done
  fail "no JDK 25 or newer in JAVA_HOME or /usr/lib/jvm"
}

has_image() { # name
  buildah inspect --type image "$1" >/dev/null 2>&1
}

# A stand-in base: the bare system plus one directory as /opt/java/openjdk.
make_base() { # name java
  local from
  from=$(buildah from scratch)
  buildah add -q "$from" "$work/system" / >/dev/null
  buildah add -q "$from" "$2" /opt/java/openjdk >/dev/null
  buildah config --env JAVA_HOME=/opt/java/openjdk --env LANG=C.UTF-8 \
    --env PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    --entrypoint '["/not-the-entry-point-of-velo"]' "$from"
  buildah commit -q --rm "$from" "$1" >/dev/null
}

make_bases() {
  local jdk_name=docker.io/library/eclipse-temurin:25-jdk jre_name=docker.io/library/eclipse-temurin:25-jre home suite
  if has_image "$jdk_name" && has_image "$jre_name"; then return; fi

  home=$(jdk)
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-stable}")
  say "making the stand-in bases from Debian $suite and $home (once)"
  debootstrap --variant=minbase "$suite" "$work/system" >"$work/log" 2>&1 || fail "debootstrap failed"
  rm -rf "$work"/system/var/{cache/apt,lib/apt/lists}/*

  # What a JRE has and no compiler, so that a part that needs one fails here too.
  "$home/bin/jlink" --strip-debug --no-header-files --no-man-pages --generate-cds-archive --output "$work/jre" \
    --add-modules java.se,jdk.crypto.ec,jdk.jfr,jdk.localedata,jdk.management,jdk.management.agent,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs
  make_base "$jre_name" "$work/jre"

  # With this machine's Maven, if there is one, mvnw downloads none.
  local maven
  maven=$(mvn -v 2>/dev/null | sed -n 's/^Maven home: //p')
  if [[ -n $maven ]]; then
    cp -rL "$maven" "$work/system/opt/maven"
    ln -s /opt/maven/bin/mvn "$work/system/usr/local/bin/mvn"
  fi
  cp -rL "$home" "$work/jdk"
  make_base "$jdk_name" "$work/jdk"
}

build() {
  local volumes=()
  [[ ! -d $HOME/.m2 ]] || volumes=(--volume "$HOME/.m2:/root/.m2")
  say "building"
  buildah bud --isolation chroot --pull-never --format docker "${volumes[@]}" --tag "$image" "$root" \
    >"$work/log" 2>&1 || fail "the build failed"
  buildah rmi --prune >/dev/null # what an earlier run left untagged
}

config() { # jq filter
  buildah inspect --type image "$image" | jq -r ".Docker.config | $1"
}

expect() { # what actual expected
  [[ $2 == "$3" ]] || fail "$1 is '$2', expected '$3'"
  say "$1 is $2"
}

check_config() {
  expect "the user" "$(config .User)" 10001:10001
  expect "the entry point's first word" "$(config '.Entrypoint[0]')" java
  expect "exposed" "$(config '.ExposedPorts | keys | join(" ")')" "8090/tcp 9090/tcp"
  expect "the management port" "$(config '.Env[] | select(startswith("MANAGEMENT_SERVER_PORT="))')" \
    MANAGEMENT_SERVER_PORT=9090
  expect "the title" "$(config '.Labels["org.opencontainers.image.title"]')" Velo
}

free_port() { # from
  local port=$1
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  echo "$port"
}

inside() { # command…
  buildah run --isolation chroot --network host --env "LB_ADDRESS=127.0.0.1" --env "LB_PORT=$http" \
    --env "LB_BACKENDS=http://127.0.0.1:1" --env "MANAGEMENT_SERVER_ADDRESS=127.0.0.1" \
    --env "MANAGEMENT_SERVER_PORT=$management" "$container" -- "$@"
}

# The process that is nobody's child but buildah's: what a container engine calls process 1.
entry_of() { # process
  local child
  for child in $(children "$1"); do
    # buildah has replaced "java" by its path.
    if [[ $(tr '\0' ' ' <"/proc/$child/cmdline") =~ ^[^\ ]*"$command "$ ]]; then
      echo "$child"
      return
    fi
    entry_of "$child"
  done
}

answers() {
  curl -fsS -m 2 "http://127.0.0.1:$management/actuator/health/liveness" 2>/dev/null
}

check_run() {
  local words entry seconds=0 status=0
  http=$(free_port 18090)
  management=$(free_port $((http + 1000)))
  container=$(buildah from --pull-never "$image")
  mapfile -t words < <(config '.Entrypoint[]')
  command=${words[*]}
  touch "$work/start"

  inside "${words[@]}" >"$work/log" 2>&1 &
  runner=$!
  until answers >"$work/health"; do
    kill -0 "$runner" 2>/dev/null || fail "it ended before it answered"
    ((++seconds <= 60)) || fail "no answer on the management port after a minute"
    sleep 1
  done
  say "liveness answers $(cat "$work/health") after about $seconds s"

  entry=$(entry_of "$runner")
  [[ -n $entry ]] || fail "no process runs '$command': is there a shell between?"
  expect "its user id" "$(awk '/^Uid:/ { print $3 }' "/proc/$entry/status")" 10001

  mapfile -d '' -t words < <(config '.Healthcheck.Test[1:][] + "\u0000"' | sed -z 's/^\n//')
  inside "${words[@]}" || fail "the health check says no while it runs"
  say "the health check says yes"

  kill -TERM "$entry"
  wait "$runner" || status=$?
  runner=
  expect "its exit code after SIGTERM" "$status" 143
  if inside "${words[@]}" 2>/dev/null; then fail "the health check says yes after the end"; fi
}

check_files() {
  local files written
  files=$(buildah mount "$container")
  written=$(find "$files" -xdev -newer "$work/start" -user 10001 -not -path "$files/tmp/*" -not -path "$files/tmp")
  [[ -z $written ]] || fail "wrote outside /tmp: $written"
  say "wrote nothing outside /tmp"
  [[ -z $(find "$files/opt/velo" -name 'application*.y*ml' -o -name 'application*.properties') ]] ||
    fail "Spring would read the configuration in /opt/velo"
  buildah umount "$container" >/dev/null
}

trap cleanup EXIT
trap 'exit 1' HUP INT TERM
check_tools
mkdir -p "$cache"
make_bases
build
check_config
check_run
check_files
say "passed"
