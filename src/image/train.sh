#!/usr/bin/env bash
# Part of the image's build: lets Velo serve a mix of requests and writes what the JVM learnt from it.
#
#   train.sh velo.jar jvm.options cache
#
# Needs nothing but bash and java. Each wait has an end.
set -euo pipefail

jar=$1
options=$2
cache=$3
rounds=${ROUNDS:-40}
work=$(mktemp -d)
pids=()
touch "$work"/{b1,b2,velo}.log # before those who write them are there

fail() {
  grep -hv '\[warning\]\[aot\]' "$work"/*.log | tail -n 60 >&2
  echo "train: $*" >&2
  exit 1
}

finish() {
  ((${#pids[@]} == 0)) || kill "${pids[@]}" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# The number behind a text in a log, as soon as it is there.
await_number() { # pid log text
  local number
  for _ in $(seq 600); do
    number=$(sed -n "/$3 *[0-9]/ { s/.*$3 *\([0-9][0-9]*\).*/\1/p; q; }" "$2")
    if [[ -n $number ]]; then
      echo "$number"
      return
    fi
    kill -0 "$1" 2>/dev/null || fail "ended before it said '$3'"
    sleep 0.2
  done
  fail "never said '$3'"
}

# Sends a text and takes in all that is answered, until the other side closes or has been quiet for a while.
ask() { # port text
  exec 3<>"/dev/tcp/127.0.0.1/$1"
  printf '%b' "$2" >&3
  timeout 5 cat <&3 >"$work/answer" || true
  exec 3>&-
}

request() { # line fields: one request that is not the last of its connection
  printf '%s HTTP/1.1\\r\\nHost: shop.example\\r\\nUser-Agent: train/1.0\\r\\nAccept: */*\\r\\n%s\\r\\n' "$1" "$2"
}

status() {
  head -n 1 "$work/answer" | cut -d ' ' -f 2
}

expect() { # status what
  [[ $(status) == "$1" ]] || fail "$2 was answered with '$(head -n 1 "$work/answer")', not $1"
}

last='Connection: close\r\n'
forwarded='X-Forwarded-For: 203.0.113.7\r\nCookie: session=0123456789abcdef\r\nAccept-Encoding: gzip, br\r\n'

for number in 1 2; do
  java -jar "$jar" demo-backend 0 --name "b$number" >"$work/b$number.log" 2>&1 &
  pids+=($!)
done
first=$(await_number "${pids[0]}" "$work/b1.log" "listens on")
second=$(await_number "${pids[1]}" "$work/b2.log" "listens on")

# One route for each lane: the express lane doesn't know the filter of the first one.
cat >"$work/velo.yaml" <<YAML
server: { address: 127.0.0.1, port: 0 }
management.server: { address: 127.0.0.1, port: 0 }
lb:
  backends: [ "http://127.0.0.1:$first", "http://127.0.0.1:$second" ]
  health: { interval: 1s, timeout: 1s }
  pools:
    least: { strategy: leastconnection, backends: [ "http://127.0.0.1:$first", "http://127.0.0.1:$second" ] }
    gone: { health: { enabled: false }, backends: [ "http://127.0.0.1:1" ] }
spring.cloud.gateway.server.webflux.routes:
  - { id: slow-lane, uri: "lb://default", predicates: [ "Path=/gateway/**" ], filters: [ "StripPrefix=1", "DedupeResponseHeader=Vary" ] }
  - { id: gone, uri: "lb://gone", predicates: [ "Path=/gone/**" ] }
  - { id: least, uri: "lb://least", predicates: [ "Path=/least/**", "Method=GET,POST" ], filters: [ "StripPrefix=1", "AddRequestHeader=X-Route,least" ] }
  - { id: all, uri: "lb://default", predicates: [ "Path=/**" ] }
YAML
java "@$options" -XX:AOTCacheOutput="$cache" -jar "$jar" --config "$work/velo.yaml" >"$work/velo.log" 2>&1 &
velo=$!
pids+=("$velo")
traffic=$(await_number "$velo" "$work/velo.log" "balancing on 127.0.0.1:")
management=$(sed -n 's/.*Netty started on port \([0-9]*\).*/\1/p' "$work/velo.log" | grep -vx "$traffic")

for _ in $(seq 60); do
  ask "$management" "$(request 'GET /actuator/health/readiness' "$last")"
  [[ $(status) != 200 ]] || break
  sleep 0.5
done
expect 200 readiness

many() { # line fields: the same request ten times on one connection
  local text='' i
  for ((i = 1; i < 10; i++)); do text+=$(request "$1" "$2"); done
  ask "$traffic" "$text$(request "$1" "$2$last")"
}

for ((round = 1; round <= rounds; round++)); do
  many "GET /item/$round?page=2&q=a%20b" "$forwarded"
  expect 200 "the express lane"
  many "GET /gateway/item/$round" "$forwarded"
  expect 200 "the gateway's lane"
  many "GET /least/item/$round" ''
  many "HEAD /item/$round" ''
  ask "$traffic" "$(request 'POST /orders' "Content-Type: application/json\r\nContent-Length: 13\r\n$last"){\"item\":\"abc\"}"
  expect 200 "a post"
  ask "$traffic" "$(request 'POST /orders' "Transfer-Encoding: chunked\r\n$last")5\r\nhello\r\n0\r\n\r\n"
  expect 200 "a chunked post"
  if ((round % 10 == 1)); then
    ask "$traffic" "$(request 'GET /gone/' "$last")"
    ask "$traffic" 'GET / HTTP/1.1\r\n\r\n'
    expect 400 "a request without a host"
    for path in health health/readiness prometheus pools routes; do
      ask "$management" "$(request "GET /actuator/$path" "$last")"
      expect 200 "/actuator/$path"
    done
  fi
done

kill -TERM "$velo"
for _ in $(seq 600); do
  kill -0 "$velo" 2>/dev/null || break
  sleep 0.2
done
kill -0 "$velo" 2>/dev/null && fail "it doesn't end"
wait "$velo" || true
[[ -s $cache ]] || fail "no cache came about"
echo "train: $(du -h "$cache" | cut -f 1) learnt from $((rounds * 42)) requests and more"
