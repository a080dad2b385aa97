#!/usr/bin/env bash
# One of three nginx servers is frozen, killed and started again under load. Says what the clients saw.
# Needs: nginx, wrk, curl, jq, a built target/velo.jar. Takes about 50 seconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. src/it/common.bash

seconds=${SECONDS_OF_LOAD:-30}
port=${PORT:-18090}

start_nginx() { # number
  mkdir -p "$work/n$1"
  cat >"$work/n$1/nginx.conf" <<CONF
daemon off;
master_process off;
error_log $work/n$1/error.log;
pid $work/n$1/pid;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000;
  client_body_temp_path $work/n$1; proxy_temp_path $work/n$1; fastcgi_temp_path $work/n$1;
  uwsgi_temp_path $work/n$1; scgi_temp_path $work/n$1;
  server {
    listen 127.0.0.1:$((port + $1));
    location / { return 200 "n$1\n"; }
  }
}
CONF
  nginx -c "$work/n$1/nginx.conf" 2>/dev/null &
  nginx_pid=$!
  pids+=("$nginx_pid")
}

counts() {
  curl -fsS "http://127.0.0.1:$port/metrics" | jq -c '[.default.backends[].total_requests]'
}

state_of_second() {
  curl -fsS "http://127.0.0.1:$port/actuator/pools/default" | jq -r '.backends[1].state'
}

await_state() { # state
  for _ in $(seq 200); do
    [[ $(state_of_second) == "$1" ]] && return
    sleep 0.1
  done
  fail "the second backend is $(state_of_second), not $1"
}

# Spread of the counts that were added between two readings, in percent of their mean.
spread() { # before after
  jq -n --argjson a "$1" --argjson b "$2" \
    '[range(3) as $i | $b[$i] - $a[$i]] | {counts: ., spread: ((max - min) * 100 / (add / 3))} | "\(.counts) \(.spread)"' -r
}

load() { # seconds file
  wrk -t1 -c50 -d"$1s" "http://127.0.0.1:$port/" >"$2"
}

figure() { # pattern file: the number behind it, 0 if it isn't there
  local found
  found=$(sed -n "s/.*$1 \([0-9]*\).*/\1/p" "$2")
  echo "${found:-0}"
}

requests() { # file
  sed -n 's/ *\([0-9]*\) requests in.*/\1/p' "$1"
}

socket_errors() { # file; a late answer is none
  echo $(($(figure connect "$1") + $(figure read "$1") + $(figure write "$1")))
}

not_200() { # file
  figure "responses:" "$1"
}

check_spread() { # label before after
  local line
  line=$(spread "$2" "$3")
  echo "story: requests per backend $1: $line %"
  awk -v spread="${line##* }" 'BEGIN { exit !(spread <= 1) }' || fail "backends got unequal shares $1"
}

for i in 1 2 3; do
  start_nginx $i
  [[ $i == 2 ]] && second=$nginx_pid
done

java -jar target/velo.jar --server.port="$port" \
  --lb.backends="http://127.0.0.1:$((port + 1)),http://127.0.0.1:$((port + 2)),http://127.0.0.1:$((port + 3))" \
  >"$work/velo.log" 2>&1 &
pids+=($!)
for _ in $(seq 300); do
  curl -fsS "http://127.0.0.1:$port/readyz" >/dev/null 2>&1 && break
  sleep 0.1
done
curl -fsS "http://127.0.0.1:$port/readyz" >/dev/null || { cat "$work/velo.log"; fail "not ready"; }

before=$(counts)
load 5 "$work/before"
check_spread "before" "$before" "$(counts)"

load "$seconds" "$work/during" &
loading=$!
sleep 2
kill -STOP "$second"
await_state down
in_flight=$(curl -fsS "http://127.0.0.1:$port/actuator/pools/default" | jq '.backends[1].inFlight')
kill -KILL "$second"
sleep 1
start_nginx 2
await_state up
wait "$loading"

before=$(counts)
load 5 "$work/after"
check_spread "after" "$before" "$(counts)"

for phase in before during after; do
  file=$work/$phase
  echo "story: $phase: $(requests "$file") requests, $(not_200 "$file") not 200, $(socket_errors "$file") socket errors"
  (($(requests "$file") > 1000)) || fail "too few requests to tell"
  (($(socket_errors "$file") == 0)) || fail "socket errors $phase"
done
lost=$(not_200 "$work/during")
((lost <= in_flight)) || fail "$lost answers were not 200, but only $in_flight were in flight at the killed one"
(($(not_200 "$work/before") + $(not_200 "$work/after") == 0)) || fail "failures without a cause"
active=$(curl -fsS "http://127.0.0.1:$port/metrics" | jq .default.active_connections)
[[ $active == 0 ]] || fail "$active requests in flight at the end"
echo "story: the log tells:"
grep "io.velo.state" "$work/velo.log"
[[ $(grep -c "io.velo.state" "$work/velo.log") -le 6 ]] || fail "more log lines than changes"
if grep -qE "Exception|^\s+at " "$work/velo.log"; then
  grep -nE "Exception|^\s+at " "$work/velo.log" | head
  fail "a stack trace in the log"
fi
echo "story: ok, $lost of $in_flight in flight at the killed backend were lost, and nothing else"
