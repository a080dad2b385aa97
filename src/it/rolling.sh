#!/usr/bin/env bash
# Three Velos behind one HAProxy are stopped by SIGTERM and started again, one after another, under load. No request may fail.
# Needs: haproxy, wrk, curl, a built target/velo.jar. Takes one to two minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. src/it/common.bash

port=${PORT:-18190} # of HAProxy; its figures are on the next one, then three Velos
velos=()
trap 'pids+=("${velos[@]}"); finish' EXIT
loading=
most_seconds=${MOST_SECONDS:-1200}

start_backend() { # number
  java -Xmx32m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar target/velo.jar demo-backend 0 --name "b$1" --delay 10ms \
    >"$work/b$1.log" 2>&1 &
  pids+=($!)
}

backend_url() { # number
  echo "http://127.0.0.1:$(sed -n 's/.*listens on \([0-9]*\)/\1/p' "$work/b$1.log")"
}

start_velo() { # number
  java -Xmx160m -XX:+UseSerialGC -jar target/velo.jar --server.address=127.0.0.1 --server.port=$((port + 1 + $1)) \
    --lb.health.interval=5s --lb.health.timeout=5s "--lb.backends=$(backend_url 1),$(backend_url 2)" >>"$work/velo$1.log" 2>&1 &
  velos[$1]=$!
}

# What HAProxy makes of a server: one field of its figures.
figure() { # server column
  curl -fsS -m 2 "http://127.0.0.1:$((port + 1))/;csv" | awk -F, -v server="$1" -v column="$2" '
    NR == 1 { sub(/^# /, ""); for (i = 1; i <= NF; i++) at[$i] = i }
    $1 == "velos" && $2 == server { print $at[column] }'
}

is_up() { # number
  [[ $(figure "velo$1" status) == UP* ]]
}

is_gone() { # number
  ! kill -0 "${velos[$1]}" 2>/dev/null
}

start_haproxy() {
  cat >"$work/haproxy.cfg" <<CONF
global
  nbthread 1
  maxconn 1000
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  timeout check 10s
  # A server that stops accepts nobody, and closes connections that wait for their next request. One that didn't answer with
  # a single byte hasn't begun to stop a moment later: another server is asked.
  option redispatch 1
  retries 3
  retry-on conn-failure empty-response
frontend clients
  bind 127.0.0.1:$port
  default_backend velos
listen figures
  bind 127.0.0.1:$((port + 1))
  stats enable
  stats uri /
backend velos
  balance roundrobin
  option httpchk GET /readyz
  http-check expect status 200
  default-server check inter 500ms fall 2 rise 2
  server velo1 127.0.0.1:$((port + 2))
  server velo2 127.0.0.1:$((port + 3))
  server velo3 127.0.0.1:$((port + 4))
CONF
  haproxy -db -f "$work/haproxy.cfg" >"$work/haproxy.log" 2>&1 &
  pids+=($!)
}

roll() { # number
  local before status=0
  before=$(figure "velo$1" stot)
  kill -TERM "${velos[$1]}"
  await 120 "velo$1 doesn't end" is_gone "$1"
  wait "${velos[$1]}" || status=$?
  ((status == 143)) || fail "velo$1 ended with $status, not with 143"
  start_velo "$1"
  await 300 "velo$1 doesn't come back" is_up "$1"
  await 60 "velo$1 gets no requests" gets_more "$1" "$before"
}

gets_more() { # number than
  (($(figure "velo$1" stot) > $2 + 20))
}

number() { # pattern: the number behind it in wrk's report, 0 if it isn't there
  local found
  found=$(sed -n "s/.*$1 \([0-9]*\).*/\1/p" "$work/wrk.log")
  echo "${found:-0}"
}

start_backend 1
start_backend 2
await 60 "no backends" grep -q "listens on" "$work/b1.log"
await 60 "no backends" grep -q "listens on" "$work/b2.log"
for i in 1 2 3; do start_velo $i; done
start_haproxy
for i in 1 2 3; do await 300 "velo$i isn't ready" is_up $i; done

wrk -t1 -c16 -d"${most_seconds}s" --timeout 10s "http://127.0.0.1:$port/" >"$work/wrk.log" &
loading=$!
pids+=("$loading")
began=$SECONDS
for i in 1 2 3; do
  roll $i
  echo "rolling: velo$i is new, $((SECONDS - began)) s after the beginning"
done
kill -INT "$loading"
wait "$loading" || true

requests=$(sed -n 's/ *\([0-9]*\) requests in.*/\1/p' "$work/wrk.log")
[[ -n $requests ]] || fail "the load ended before the last one was new"
errors=$(($(number connect) + $(number read) + $(number write) + $(number timeout)))
echo "rolling: $requests requests, $(number "responses:") not 200, $errors socket errors;" \
  "$(figure BACKEND wretr) repeated, $(figure BACKEND wredis) of them elsewhere"
((requests > 1000)) || fail "too few requests to tell"
(($(number "responses:") == 0)) || fail "requests failed"
((errors == 0)) || fail "connections failed"
(($(figure BACKEND hrsp_5xx) == 0)) || fail "HAProxy saw $(figure BACKEND hrsp_5xx) answers 5xx"
if grep -qE "Exception|^\s+at " "$work"/velo?.log; then
  grep -nE "Exception|^\s+at " "$work"/velo?.log | head
  fail "a stack trace in a log"
fi
echo "rolling: passed"
