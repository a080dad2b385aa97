#!/usr/bin/env bash
# Builds the image from the Dockerfile and tries it, on a machine without a container engine:
#
#   src/it/image.sh [repository root]
#
# The base images are stand-ins under the public names: a bare Debian with this machine's JDK (25 or newer). They are
# made once and kept in VELO_IMAGE_CACHE, together with all that buildah stores, so nobody else's images are touched.
# The image runs as its user, on its file system, which nobody can write to, as if its container had 512 MiB.
# Needs root, the Debian packages in `packages` and a Debian mirror; installs nothing itself.
set -euo pipefail

root=$(cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}" && pwd)
cache=${VELO_IMAGE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/velo-image}
packages=(buildah uidmap debootstrap curl jq python3)
image=localhost/velo:it
work=$(mktemp -d)
touch "$work"/{b1,b2,slow}
container=
files=
velo=
backends=()

# What Velo may take at most, MiB; a tenth more than it takes. About a hundred of them are the AOT cache.
most_idle=200
most_busy=240
connections=10000

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

cleanup() {
  local process
  for process in $velo "${backends[@]}"; do kill -KILL "$process" 2>/dev/null || true; done
  wait 2>/dev/null || true
  [[ -z $files ]] || buildah umount "$container" >/dev/null 2>&1 || true
  [[ -z $container ]] || buildah rm "$container" >/dev/null 2>&1 || true
  rm -rf "$work"
}

check_tools() {
  [[ $EUID -eq 0 ]] || fail "must run as root: debootstrap and chroot need it"
  local tool missing=()
  for tool in buildah newuidmap debootstrap curl jq python3 unshare; do
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
  # shellcheck source=/dev/null
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-stable}")
  say "making the stand-in bases from Debian $suite and $home (once)"
  debootstrap --variant=minbase "$suite" "$work/system" >"$work/log" 2>&1 || fail "debootstrap failed"
  rm -rf "$work"/system/var/{cache/apt,lib/apt/lists}/*

  # What a JRE has and no compiler, so that a part that needs one fails here too.
  "$home/bin/jlink" --strip-debug --no-header-files --no-man-pages --generate-cds-archive --output "$work/jre" \
    --add-modules java.se,java.smartcardio,jdk.crypto.cryptoki,jdk.crypto.ec,jdk.jfr,jdk.localedata,jdk.management,jdk.management.agent,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.security.jgss,jdk.unsupported,jdk.zipfs
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

# Runs a command as a container engine would: with the image's user, variables and folder, and nothing to write to but /tmp.
# It takes the place of the shell that calls this, so that its process is the one that the caller knows.
inside() { # command…
  exec unshare --mount --propagation private bash -c '
    root=$1; shift
    mount --bind "$root" "$root"
    mount --rbind /proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/tmp"
    mount -o remount,bind,ro "$root"
    exec chroot --userspec=10001:10001 "$root" /usr/bin/env --ignore-environment --chdir=/opt/velo "$@"' \
    inside "$files" "${variables[@]}" "$@"
}

# With AOTMode=on the JVM doesn't start if it cannot use the cache; otherwise it would just be slow.
check_cache() {
  (inside "${words[0]}" -XX:AOTMode=on "${words[@]:1}" --version) >"$work/log" 2>&1 || fail "the AOT cache doesn't fit"
  say "the AOT cache fits"
}

check_read_only() {
  if (inside touch /opt/velo/x /etc/x /var/tmp/x) 2>/dev/null; then fail "files can be written"; fi
  (inside touch /tmp/x) || fail "/tmp can't be written"
}

start_backend() { # name port delay
  (inside java -Xmx32m -XX:TieredStopAtLevel=1 -jar velo.jar demo-backend "$2" --name "$1" --delay "$3") \
    >"$work/$1" 2>&1 &
  backends+=($!)
}

await_backends() { # name…
  local name
  for name in "$@"; do
    for _ in $(seq 300); do
      grep -q "listens on" "$work/$name" && continue 2
      sleep 0.2
    done
    cat "$work/$name" >&2
    fail "no backend to balance over"
  done
}

ready() {
  curl -fsS -m 2 "http://127.0.0.1:$management/actuator/health/readiness" 2>/dev/null
}

start_velo() {
  local began routes=spring.cloud.gateway.server.webflux.routes
  began=$(date +%s%N)
  (inside "${words[@]}" --lb.health.interval=2s \
    "--lb.backends=http://127.0.0.1:$((http + 1)),http://127.0.0.1:$((http + 2))" \
    "--lb.pools.slow.backends=http://127.0.0.1:$((http + 3))" \
    "--$routes[0].id=slow" "--$routes[0].uri=lb://slow" "--$routes[0].predicates[0]=Path=/slow" \
    "--$routes[1].id=all" "--$routes[1].uri=lb://default" "--$routes[1].predicates[0]=Path=/**") >"$work/log" 2>&1 &
  velo=$!
  until ready >"$work/health"; do
    kill -0 "$velo" 2>/dev/null || fail "it ended before it was ready"
    (($(date +%s%N) - began < 180000000000)) || fail "not ready after three minutes"
    sleep 0.02
  done
  say "ready after $((($(date +%s%N) - began) / 1000000)) ms"
}

check_balance() {
  local answers
  answers=$(for _ in 1 2 3 4; do curl -fsS -m 5 "http://127.0.0.1:$http/"; done | sort | uniq -c | tr -s ' ' | tr '\n' ',')
  expect "four answers" "$answers" " 2 b1, 2 b2,"
  expect "its user id" "$(awk '/^Uid:/ { print $3 }' "/proc/$velo/status")" 10001
  expect "process 1" "$(tr '\0' ' ' <"/proc/$velo/cmdline" | cut -d ' ' -f 1)" "${words[0]}"
}

resident() {
  awk '/^VmRSS:/ { print int($2 / 1024) }' "/proc/$velo/status"
}

check_memory() { # most what
  local now
  now=$(resident)
  say "resident memory $2 is $now MiB"
  ((now <= $1)) || fail "resident memory $2 is $now MiB, more than $1"
}

# Holds this many connections that have asked once each, and says so; lets go at the end of its input.
hold_connections() {
  python3 -c '
import socket, sys
port, count = int(sys.argv[1]), int(sys.argv[2])
held = []
for _ in range(count):
    client = socket.create_connection(("127.0.0.1", port), 10)
    client.sendall(b"GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n")
    if not client.recv(4096).startswith(b"HTTP/1.1 200 "):
        sys.exit("not answered")
    held.append(client)
print(len(held), flush=True)
sys.stdin.read()
' "$http" "$connections"
}

check_connections() {
  ulimit -n $((connections + 1000)) 2>/dev/null || ulimit -n "$(ulimit -Hn)"
  local held
  coproc HOLDER { hold_connections 2>"$work/holder"; }
  read -r -t 120 held <&"${HOLDER[0]}" || fail "$connections connections can't be held: $(cat "$work/holder")"
  expect "connections held" "$held" "$connections"
  check_memory "$most_busy" "with $connections connections"
  eval "exec ${HOLDER[1]}>&-"
  wait "$HOLDER_PID" || true
}

# The end is asked for while 64 requests that take a second are in flight.
check_drain() {
  local status=0 answers
  curl -sS -Z --parallel-max 64 -m 20 -o /dev/null -w '%{http_code}\n' "http://127.0.0.1:$http/slow?[1-64]" \
    >"$work/statuses" 2>"$work/curl" &
  local clients=$!
  for _ in $(seq 100); do
    (($(curl -fsS -m 2 "http://127.0.0.1:$management/metrics" | jq '.slow.active_connections') < 64)) || break
    sleep 0.02
  done
  kill -TERM "$velo"
  wait "$clients" || true
  expect "what clients in flight got, although it was told to end" \
    "$(sort "$work/statuses" | uniq -c | tr -s ' ')" " 64 200"
  wait "$velo" || status=$?
  velo=
  expect "its exit code after SIGTERM" "$status" 143
}

check_health() { # whether it runs
  local check
  mapfile -d '' -t check < <(config '.Healthcheck.Test[1:][] + "\u0000"' | sed -z 's/^\n//')
  if (inside "${check[@]}") >/dev/null 2>&1; then
    $1 || fail "the health check says yes after the end"
  else
    ! $1 || fail "the health check says no while it runs"
  fi
}

check_files() {
  [[ -z $(find "$files/opt/velo" -name 'application*.y*ml' -o -name 'application*.properties') ]] ||
    fail "Spring would read the configuration in /opt/velo"
  [[ -z $(find "$files/opt/velo" \( -user 10001 -o -group 10001 -o -perm /002 \) -not -type l) ]] || fail "its user may change Velo"
}

trap cleanup EXIT
trap 'exit 1' HUP INT TERM
check_tools
mkdir -p "$cache"
make_bases
build
check_config
http=$(free_port 18090)
management=$((http + 1000))
container=$(buildah from --pull-never "$image")
files=$(buildah mount "$container")
mapfile -t words < <(config '.Entrypoint[]')
mapfile -t variables < <(config '.Env[]')
variables+=("LB_ADDRESS=127.0.0.1" "LB_PORT=$http" "MANAGEMENT_SERVER_ADDRESS=127.0.0.1"
  "MANAGEMENT_SERVER_PORT=$management" "JAVA_TOOL_OPTIONS=-XX:MaxRAM=512m ${VELO_JAVA_OPTIONS:-}")
check_files
check_read_only
check_cache
start_backend b1 $((http + 1)) 0s
start_backend b2 $((http + 2)) 0s
start_backend slow $((http + 3)) 1s
await_backends b1 b2 slow
start_velo
check_balance
check_health true
sleep 30 # the compilers have settled, and malloc has given back what they left
check_memory "$most_idle" "idle"
check_connections
check_drain
check_health false
say "passed"
