#!/usr/bin/env bash
# A client of HTTP/3 that isn't Netty's asks Velo, and clients by TCP are told of it.
# Needs: gtlsclient (Debian's ngtcp2-client), curl, keytool, a built target/velo.jar. Takes about 15 seconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. src/it/common.bash

ask() { # path more…
  local path=$1
  shift
  timeout 20 gtlsclient --exit-on-all-streams-close "$@" 127.0.0.1 "$port" "https://localhost:$port$path" 2>&1
}

port=$(free_port 18443)
keytool -genkeypair -alias velo -keyalg EC -groupname secp256r1 -dname CN=localhost -ext san=dns:localhost \
  -storetype PKCS12 -keystore "$work/velo.p12" -storepass changeit 2>"$work/keytool.log"
java -Xmx32m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar target/velo.jar demo-backend 0 --name b1 >"$work/b1.log" 2>&1 &
pids+=($!)
await 60 "the backend doesn't listen" grep "listens on" "$work/b1.log"
backend=$(sed -n 's/.*listens on \([0-9]*\)/\1/p' "$work/b1.log")
java -Xmx96m -XX:+UseSerialGC -jar target/velo.jar --server.address=127.0.0.1 --server.port="$port" \
  --server.ssl.key-store="$work/velo.p12" --server.ssl.key-store-password=changeit --lb.http3.enabled=true \
  --server.http2.enabled=true --lb.tls.hsts.max-age=1d \
  --lb.backends="http://127.0.0.1:$backend" --lb.health.enabled=false >"$work/velo.log" 2>&1 &
velo=$!
pids+=("$velo")
await 60 "Velo isn't there" grep "HTTP/3 on UDP port $port" "$work/velo.log"

mkdir "$work/got"
ask / --download="$work/got" >"$work/get.log" || fail "the client fails"
grep -q ':status: 200' "$work/get.log" || fail "no answer to a GET"
grep -q 'b1' "$work/got/index.html" || fail "the answer isn't the backend's"
echo "http3: a GET is answered"

head -c 300000 /dev/zero >"$work/body"
ask / --http-method=POST --data="$work/body" >"$work/post.log" || fail "the client fails"
grep -q ':status: 200' "$work/post.log" || fail "no answer to a POST"
echo "http3: a POST of 300 kB is answered"

for protocol in --http1.1 --http2; do
  curl -fsSk -m 20 "$protocol" -D "$work/head.log" -o "$work/tcp.log" "https://127.0.0.1:$port/"
  grep -q "^HTTP/${protocol#--http} 200" "$work/head.log" || fail "no answer by $protocol"
  grep -qi "^alt-svc: h3=\":$port\"; ma=86400" "$work/head.log" || fail "no Alt-Svc by $protocol"
  grep -qi "^strict-transport-security: max-age=86400" "$work/head.log" || fail "no HSTS by $protocol"
done
echo "http3: answers by TCP tell of it"

kill "$velo"
await 60 "Velo doesn't stop" bash -c "! kill -0 $velo 2>/dev/null"
echo "http3: passed"
