#!/usr/bin/env bash
# Measures what a request costs in Velo and in other load balancers, on one machine and in one run. See README.md.
set -euo pipefail
export LC_ALL=C
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$bench")

usage() {
  cat <<'USAGE'
bench/run [option…]

  --payload small|64k|post10k  about 100 bytes, 64 KiB answers, 10 KiB posts (small)
  --connections N              connections of the load generator (64)
  --rounds N                   rounds; each proxy once in each of them, the median is reported (3)
  --seconds N                  length of one measurement (8)
  --warmup N                   seconds of load for a JVM before the first round (20)
  --proxies a,b,c              of nginx, haproxy, caddy, go, stock-gateway, velo (all)
  --lanes a,b                  lanes of Velo, each measured as a proxy of its own (gateway)
  --idle N                     instead of load: memory of N idle keep-alive connections
  --startup                    instead of load: time from the start to the first answer
  --out FILE                   the Markdown table goes there, too

JAVA_HOME and JVM_FLAGS replace the Java runtime and its flags, PORT the first of about 20 ports (18100).
USAGE
}

fail() {
  echo "bench: $*" >&2
  exit 1
}

say() { echo "bench: $*" >&2; }

# What each lane of Velo is started with. A new lane is a line here.
declare -A lane_flags=(
  [gateway]=""
)

mode=load payload=small connections=64 rounds=3 seconds=8 warmup=20 idle=0 out=
proxies=nginx,haproxy,caddy,go,stock-gateway,velo lanes=gateway
arguments=
while (($#)); do
  case $1 in
    --startup) mode=startup; arguments+=" $1"; shift; continue ;;
    -h | --help) usage; exit ;;
  esac
  [[ $1 =~ ^--(payload|connections|rounds|seconds|warmup|proxies|lanes|idle|out)$ ]] || { usage >&2; fail "unknown option $1"; }
  (($# > 1)) || fail "$1 needs a value"
  printf -v "${1#--}" %s "$2"
  [[ $1 == --out ]] || arguments+=" $1 $2"
  shift 2
done
for number in connections rounds seconds warmup idle; do
  [[ ${!number} =~ ^[0-9]+$ ]] || fail "--$number is '${!number}' but must be a number"
done
((idle == 0)) || mode=idle
[[ $payload =~ ^(small|64k|post10k)$ ]] || fail "--payload is '$payload' but must be small, 64k or post10k"

# Velo becomes one proxy for each lane.
names=()
for proxy in ${proxies//,/ }; do
  case $proxy in
    nginx | haproxy | caddy | go | stock-gateway) names+=("$proxy") ;;
    velo)
      for lane in ${lanes//,/ }; do
        [[ -v lane_flags[$lane] ]] || fail "--lanes names '$lane' but there are only: ${!lane_flags[*]}"
        names+=("velo-$lane")
      done
      ;;
    *) fail "--proxies names '$proxy', which bench/run doesn't know" ;;
  esac
done
is_jvm() { [[ $1 == stock-gateway || $1 == velo-* ]]; }

proxy_core=0
load_core=1
(($(nproc) >= 2)) || fail "needs two cores"

first_port=${PORT:-18100}
backend_ports=($((first_port + 1)) $((first_port + 2)) $((first_port + 3)))
backends=("${backend_ports[@]/#/http://127.0.0.1:}")
declare -A ports pids
port=$((first_port + 10))
for name in "${names[@]}"; do ports[$name]=$((port++)); done

jvm_flags=${JVM_FLAGS:---enable-native-access=ALL-UNNAMED -Xms512m -Xmx512m -XX:+UseSerialGC -Dreactor.netty.ioWorkerCount=1}

work=$(mktemp -d)
chmod 755 "$work" # nginx' worker is another user
samples=$work/samples
touch "$samples"

stop() { # process
  kill -TERM "$1" 2>/dev/null || return 0
  for _ in $(seq 100); do
    kill -0 "$1" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

finish() {
  local pid
  for pid in "${pids[@]}"; do stop "$pid"; done
  rm -rf "$work"
}
trap finish EXIT

# --- What has to be there ---------------------------------------------------------------------------------------------

install_peers() {
  local tool missing=()
  for tool in nginx haproxy caddy go wrk jq python3 taskset; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  ((${#missing[@]})) || return 0
  command -v apt-get >/dev/null || fail "not found: ${missing[*]}"

  say "installing, for ${missing[*]}"
  local sudo=() policy=/usr/sbin/policy-rc.d own_policy=false
  [[ $EUID -eq 0 ]] || sudo=(sudo)
  # Exit code 101 forbids the packages to start their services.
  if [[ ! -e $policy ]]; then
    own_policy=true
    printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
    "${sudo[@]}" chmod +x "$policy"
  fi
  "${sudo[@]}" apt-get update
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    nginx-light haproxy caddy golang-go wrk jq python3 util-linux
  if $own_policy; then "${sudo[@]}" rm "$policy"; fi
}

# The newest JDK under /usr/lib/jvm if that is 25 or newer, otherwise the one on the PATH.
find_java() {
  local javac version
  [[ -z ${JAVA_HOME:-} ]] || { echo "$JAVA_HOME/bin/java"; return; }
  for javac in /usr/lib/jvm/*25*/bin/javac /usr/lib/jvm/*/bin/javac; do
    [[ -x $javac ]] || continue
    version=$("$javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
    ((version < 25)) || { echo "${javac%c}"; return; }
  done
  command -v java || fail "no Java"
}

versions_of() { # pom: of Boot and Cloud
  awk '/spring-boot-starter-parent/ { getline; print } /<spring-cloud.version>/' "$1" | tr -d ' ' | paste -sd' '
}

build() {
  if [[ ! -x $bench/target/goproxy || $bench/goproxy/main.go -nt $bench/target/goproxy ]]; then
    say "building the Go proxy"
    mkdir -p "$bench/target"
    (cd "$bench/goproxy" && GO111MODULE=off GOCACHE="$bench/target/gocache" go build -o ../target/goproxy main.go)
  fi
  [[ $(versions_of "$root/pom.xml") == "$(versions_of "$bench/stock-gateway/pom.xml")" ]] ||
    fail "the versions in bench/stock-gateway/pom.xml are not those in pom.xml"
  local jar=$bench/stock-gateway/target/stock-gateway.jar
  if [[ ! -e $jar || -n $(find "$bench/stock-gateway/pom.xml" "$bench/stock-gateway/src" -newer "$jar") ]]; then
    say "building the stock gateway"
    (cd "$root" && ./mvnw -B -ntp -q -f bench/stock-gateway/pom.xml package) >&2
  fi
  if [[ ! -e $root/target/velo.jar ]]; then
    say "building Velo"
    (cd "$root" && ./mvnw -B -ntp -q -DskipTests package) >&2
  fi
}

# --- Starting ---------------------------------------------------------------------------------------------------------

configure() { # file in conf/, port
  sed -e "s|@WORK@|$work|g" -e "s|@PORT@|$2|g" -e "s|@MAXCONN@|$((connections + idle + 100))|g" \
    -e "s|@BACKEND1@|${backend_ports[0]}|g" -e "s|@BACKEND2@|${backend_ports[1]}|g" \
    -e "s|@BACKEND3@|${backend_ports[2]}|g" "$bench/conf/$1" >"$work/$1"
}

command_for() { # proxy: sets "command"
  local port=${ports[$1]} jvm
  read -ra jvm <<<"$java $jvm_flags"
  case $1 in
    nginx)
      configure nginx.conf "$port"
      command=(nginx -e "$work/nginx.log" -c "$work/nginx.conf")
      ;;
    haproxy)
      configure haproxy.cfg "$port"
      command=(haproxy -db -f "$work/haproxy.cfg")
      ;;
    caddy)
      configure Caddyfile "$port"
      command=(env HOME="$work" XDG_DATA_HOME="$work" XDG_CONFIG_HOME="$work"
        caddy run --adapter caddyfile --config "$work/Caddyfile")
      ;;
    go)
      command=("$bench/target/goproxy" -listen "127.0.0.1:$port" "${backends[@]}")
      ;;
    stock-gateway)
      command=(env BACKEND1="${backends[0]}" BACKEND2="${backends[1]}" BACKEND3="${backends[2]}"
        "${jvm[@]}" -jar "$bench/stock-gateway/target/stock-gateway.jar"
        --server.address=127.0.0.1 --server.port="$port")
      ;;
    velo-*)
      local flags
      read -ra flags <<<"${lane_flags[${1#velo-}]}"
      command=("${jvm[@]}" -jar "$root/target/velo.jar" --server.address=127.0.0.1 --server.port="$port"
        --lb.backends="$(IFS=,; echo "${backends[*]}")" "${flags[@]}")
      ;;
  esac
}

answers() { # port: whether a request gets a 200
  (
    exec 3<>"/dev/tcp/127.0.0.1/$1" &&
      printf 'GET /small HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3 &&
      read -r -t 5 _ status _ <&3 && [[ $status == 200 ]]
  ) 2>/dev/null
}

start_backends() {
  configure backends.conf 0
  mkdir "$work/www"
  head -c 65536 /dev/zero | tr '\0' x >"$work/www/64k"
  : >"$work/www/post10k"
  nginx -e "$work/backends.log" -c "$work/backends.conf" &
  pids[backends]=$!
  for _ in $(seq 100); do
    answers "${backend_ports[2]}" && return
    sleep 0.05
  done
  cat "$work/backends.log" >&2
  fail "the backends don't start"
}

# Starts a proxy on its core and waits for its first answer; writes down how long that took, or that it failed.
start() { # proxy
  local from pid now
  local -a command
  ! answers "${ports[$1]}" || fail "something else answers on port ${ports[$1]}"
  command_for "$1"
  from=${EPOCHREALTIME/./}
  (cd "$work" && exec taskset -c "$proxy_core" "${command[@]}" >"$work/$1.out" 2>&1) &
  pid=$!
  pids[$1]=$pid
  until answers "${ports[$1]}"; do
    if ! kill -0 "$pid" 2>/dev/null || ((${EPOCHREALTIME/./} - from > 60000000)); then
      tail -n 20 "$work/$1.out" >&2
      failed "$1" "didn't start"
      return 1
    fi
    sleep 0.002
  done
  now=${EPOCHREALTIME/./}
  jq -nc --arg proxy "$1" --argjson us "$((now - from))" '{proxy: $proxy, start_ms: ($us / 1000)}' >>"$samples"
  say "$1 answers after $(((now - from) / 1000)) ms"
}

failed() { # proxy reason
  say "$1 failed: $2"
  jq -nc --arg proxy "$1" --arg reason "$2" '{proxy: $proxy, failed: $reason}' >>"$samples"
  stop "${pids[$1]}"
  unset "pids[$1]"
}

# --- Measuring --------------------------------------------------------------------------------------------------------

processes() { # process: it and its children
  local child
  echo "$1"
  for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do processes "$child"; done
}

cpu_ticks() { # proxy: user and system time up to now, also of children that have ended
  local pid
  for pid in $(processes "${pids[$1]}"); do
    sed 's/.*) //' "/proc/$pid/stat"
  done | awk '{ ticks += $12 + $13 + $14 + $15 } END { print ticks }'
}

rss_kib() { # proxy
  local pid
  for pid in $(processes "${pids[$1]}"); do
    grep VmRSS "/proc/$pid/status"
  done | awk '{ kib += $2 } END { print kib }'
}

load() { # proxy seconds: one line of JSON
  local body=()
  [[ $payload != post10k ]] || body=(10240)
  timeout $(($2 + 30)) wrk -t1 -c"$connections" -d"$2s" --timeout 10s -s "$bench/conf/load.lua" \
    "http://127.0.0.1:${ports[$1]}/$payload" -- "${body[@]}" | sed -n 's/^JSON //p' || true
}

measure() { # proxy round
  local before after result
  before=$(cpu_ticks "$1")
  result=$(load "$1" "$seconds")
  after=$(cpu_ticks "$1")
  [[ -n $result ]] || { failed "$1" "no result from wrk"; return; }
  jq -c --arg proxy "$1" --argjson round "$2" --argjson rss "$(rss_kib "$1")" \
    --argjson us "$(((after - before) * 1000000 / $(getconf CLK_TCK)))" \
    '{proxy: $proxy, round: $round, cpu_us: $us, rss_kib: $rss} + .' <<<"$result" >>"$samples"
  say "round $2 $1: $(tail -n 1 "$samples" | jq -r '"\(.cpu_us / .requests * 10 | round / 10) µs, \(.requests / .seconds | round)/s, p99 \(.p99_us) µs, not 2xx \(.not_2xx), errors \(.socket_errors + .timeouts)"')"
  sleep 0.5
}

measure_load() {
  local name round
  for name in "${names[@]}"; do start "$name" || true; done
  for name in "${names[@]}"; do
    [[ -v pids[$name] ]] || continue
    if is_jvm "$name"; then load "$name" "$warmup" >/dev/null; else load "$name" 1 >/dev/null; fi
  done
  for round in $(seq "$rounds"); do
    for name in "${names[@]}"; do
      if [[ -v pids[$name] ]]; then measure "$name" "$round"; fi
    done
  done
}

measure_startup() {
  local name round
  for round in $(seq "$rounds"); do
    for name in "${names[@]}"; do
      start "$name" || continue
      stop "${pids[$name]}"
      unset "pids[$name]"
    done
  done
}

measure_idle() {
  local name before reply
  for name in "${names[@]}"; do
    start "$name" || continue
    if is_jvm "$name"; then load "$name" "$warmup" >/dev/null; else load "$name" 2 >/dev/null; fi
    sleep 2
    before=$(rss_kib "$name")
    coproc holder { python3 "$bench/idle.py" "${ports[$name]}" "$idle"; }
    pids[holder]=$holder_PID
    reply=0
    read -r -t 120 reply <&"${holder[0]}" || true
    sleep 2
    jq -nc --arg proxy "$name" --argjson open "${reply:-0}" --argjson before "$before" --argjson after "$(rss_kib "$name")" \
      '{proxy: $proxy, open: $open, rss_before_kib: $before, rss_kib: $after}' >>"$samples"
    say "$(tail -n 1 "$samples")"
    stop "${pids[holder]}"
    stop "${pids[$name]}"
    unset "pids[holder]" "pids[$name]"
  done
}

describe() { # what was measured, where, with which versions
  jq -n --arg mode "$mode" --arg date "$(date -u +%F)" --arg command "bench/run$arguments" \
    --arg payload "$payload" --argjson connections "$connections" --argjson rounds "$rounds" \
    --argjson seconds "$seconds" --argjson warmup "$warmup" --argjson idle "$idle" \
    --arg cpu "$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)" --argjson cores "$(nproc --all)" \
    --arg kernel "$(uname -sr)" --arg jdk "$("$java" -version 2>&1 | sed -n '2s/ (build.*//p')" --arg jvm_flags "$jvm_flags" \
    --arg nginx "$(nginx -v 2>&1 | sed 's|.*/||')" --arg haproxy "$(haproxy -v | awk 'NR == 1 { print $3 }')" \
    --arg caddy "$(caddy version | awk '{ print $1 }')" --arg go "$(go version | awk '{ print $3 }')" \
    --arg spring "$(versions_of "$bench/stock-gateway/pom.xml" | sed 's/<[^>]*>//g')" \
    --arg velo "$(awk '/<artifactId>velo</ { getline; print }' "$root/pom.xml" | tr -d ' ' | sed 's/<[^>]*>//g')" \
    --arg jar "$(sha256sum "$root/target/velo.jar" | cut -c1-12)" \
    '{mode: $mode, date: $date, command: $command, payload: $payload, connections: $connections, rounds: $rounds,
      seconds: $seconds, warmup: $warmup, idle: $idle,
      machine: {cpu: $cpu, cores: $cores, kernel: $kernel, jdk: $jdk, jvm_flags: $jvm_flags},
      versions: {nginx: $nginx, haproxy: $haproxy, caddy: $caddy, go: $go, "Spring Boot and Cloud": $spring,
                 velo: "\($velo) (jar \($jar))"}}'
}

install_peers
java=$(find_java)
:
describe >"$work/run.json"
# This shell and all it starts share the core of the load generator; only proxies get the other one.
taskset -cp "$load_core" $$ >/dev/null
start_backends
"measure_$mode"

case $mode in
  load) name=$(date -u +%F)-$payload-$connections ;;
  startup) name=$(date -u +%F)-startup ;;
  idle) name=$(date -u +%F)-idle-$idle ;;
esac
mkdir -p "$bench/results"
python3 "$bench/report.py" "$work/run.json" "$samples" "$bench/results/$name" | tee "${out:-/dev/null}"
say "bench/results/$name.json and .svg written"
