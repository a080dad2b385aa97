#!/usr/bin/env bash
# Three times a hundred clients that send their heads, their bodies, and take their answers as slowly as they can. Says how
# many of them were closed, and how quickly a client that means well was served meanwhile: half of its requests have to be
# answered in 100 ms, and all of them with STRICT=1, on a machine that has nothing else to do.
# Needs: slowhttptest, nginx, curl, a built target/velo.jar. Takes about 40 seconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. src/it/common.bash

port=${PORT:-18190}
attackers=100
quick=100 # milliseconds

mkdir -p "$work/root" "$work/n"
head -c 30000000 /dev/zero >"$work/root/big"
chmod -R a+rX "$work"

# A server in a process of its own, so that the one that a good client asks isn't busy with what the attackers ask for.
serve() { # name port
  mkdir "$work/n/$1"
  cat >"$work/n/$1/nginx.conf" <<CONF
daemon off;
master_process off;
error_log $work/n/$1/error.log;
pid $work/n/$1/pid;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path $work/n/$1; proxy_temp_path $work/n/$1; fastcgi_temp_path $work/n/$1; uwsgi_temp_path $work/n/$1;
  scgi_temp_path $work/n/$1;
  server {
    listen 127.0.0.1:$2;
    location / { return 200 "ok\n"; }
    location = /big { root $work/root; }
    location = /upload { proxy_pass http://127.0.0.1:$2/; } # once it has the whole body
  }
}
CONF
  chmod a+rwX "$work/n/$1"
  nginx -c "$work/n/$1/nginx.conf" 2>/dev/null &
  pids+=($!)
}
serve good $((port + 1))
serve attacked $((port + 2))

routes=spring.cloud.gateway.server.webflux.routes
java -jar target/velo.jar --server.port="$port" --lb.health.enabled=false \
  --lb.backends="http://127.0.0.1:$((port + 1))" --lb.pools.attacked.backends="http://127.0.0.1:$((port + 2))" \
  "--$routes[0].id=attacked" "--$routes[0].uri=lb://attacked" "--$routes[0].predicates[0]=Path=/big,/upload" \
  "--$routes[1].id=all" "--$routes[1].uri=lb://default" "--$routes[1].predicates[0]=Path=/**" \
  --lb.client.header-timeout=3s --lb.client.body-timeout=3s --lb.client.idle-timeout=3s --lb.client.write-timeout=3s \
  --lb.client.min-rate=240B \
  >"$work/velo.log" 2>&1 &
pids+=($!)
for _ in $(seq 1800); do
  curl -fsS "http://127.0.0.1:$port/readyz" >/dev/null 2>&1 && break
  sleep 0.1
done
curl -fsS "http://127.0.0.1:$port/readyz" >/dev/null || { cat "$work/velo.log"; fail "not ready"; }
for _ in $(seq 50); do curl -fsS -o /dev/null "http://127.0.0.1:$port/"; done # warm

ask() { # file: asks until it is told to stop, a line of milliseconds each
  while [[ ! -e $work/stop ]]; do
    curl -fsS -m 10 -o /dev/null -w '%{time_total}\n' "http://127.0.0.1:$port/" || echo 99
    sleep 0.05
  done >"$1"
}

share() { # of the times, file: what it takes at most, in milliseconds
  sort -n "$2" | awk -v share="$1" '{t[NR] = $1} END {i = int(NR * share); printf "%d", t[i < 1 ? 1 : i] * 1000}'
}

aborted() { # how many requests have ended before their answers
  curl -fsS "http://127.0.0.1:$port/actuator/prometheus" |
    awk '/^lb_requests_seconds_count/ && /outcome="aborted"/ {n += $NF} END {printf "%d", n}'
}

attack() { # name, options
  local name=$1 asking attacking half p99 worst
  shift
  rm -f "$work/stop"
  ask "$work/$name.times" &
  asking=$!
  timeout 100 slowhttptest "$@" -c "$attackers" -r 50 -l 60 -p 5 >"$work/$name.log" 2>&1 &
  attacking=$!
  # Who takes an answer slowly takes what was sent before it notices that it was cut off: Velo has to say so.
  while kill -0 "$attacking" 2>/dev/null; do
    if [[ $name == answers ]] && (($(aborted) >= attackers)); then
      kill "$attacking" 2>/dev/null || true
      echo "No open connections left, says Velo" >>"$work/$name.log"
      break
    fi
    sleep 0.5
  done
  wait "$attacking" 2>/dev/null || true
  touch "$work/stop"
  wait "$asking"
  half=$(share 0.5 "$work/$name.times")
  p99=$(share 0.99 "$work/$name.times")
  worst=$(share 1 "$work/$name.times")
  if ! grep -q "No open connections left" "$work/$name.log"; then
    tail -n 20 "$work/$name.log"
    fail "$name: not all were closed"
  fi
  echo "slow: $name: all $attackers closed; a normal client: median $half ms, p99 $p99 ms, slowest $worst ms," \
    "of $(wc -l <"$work/$name.times") requests"
  ((half <= quick)) || fail "$name: a normal client was served too slowly"
  if [[ ${STRICT:-} == 1 ]]; then
    ((worst <= quick)) || fail "$name: a normal client was not served quickly throughout"
  fi
}

attack heads -H -i 2 -x 10 -u "http://127.0.0.1:$port/"
attack bodies -B -i 2 -s 100000 -x 10 -u "http://127.0.0.1:$port/upload"
attack answers -X -w 256 -y 512 -n 2 -z 16 -k 1 -u "http://127.0.0.1:$port/big"

for _ in $(seq 300); do
  active=$(curl -fsS "http://127.0.0.1:$port/metrics" | sed -n 's/.*"active_connections":\([0-9]*\).*/\1/p')
  [[ $active == 0 ]] && break
  sleep 0.1
done
[[ $active == 0 ]] || fail "$active requests in flight at the end"
echo "slow: ok"
