#!/usr/bin/env bash
# TLS towards clients as others see it: sslscan and testssl.sh look for holes, sessions are resumed, clear text is sent on, and the
# certificate is replaced 100 times under load: nobody must notice but by the certificate.
# Needs: openssl, sslscan, testssl.sh, curl, wrk, jq, a built target/velo.jar. Takes about 100 seconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. src/it/common.bash

replacements=${REPLACEMENTS:-100}

millis() { date +%s%3N; }

# A key that nobody else has, and its certificate, as a pair of files.
make_certificate() { # name
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/$1.key" -out "$work/$1.crt" \
    -days 90 -subj "/CN=localhost" -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" 2>/dev/null
}

put_in_place() { # name
  cp "$work/$1.key" "$work/next.key" && mv "$work/next.key" "$work/web.key"
  cp "$work/$1.crt" "$work/next.crt" && mv "$work/next.crt" "$work/web.crt"
}

serial_of() { openssl x509 -noout -serial -in "$work/$1.crt"; }

served() { # the serial number of the certificate that is shown now
  openssl s_client -connect "127.0.0.1:$port" -servername localhost </dev/null 2>/dev/null |
    openssl x509 -noout -serial 2>/dev/null || true
}

start_velo() {
  java -Xmx32m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar target/velo.jar demo-backend 0 --name b1 \
    >"$work/b1.log" 2>&1 &
  pids+=($!)
  port=$(free_port 18443)
  await 60 "the backend doesn't listen" grep "listens on" "$work/b1.log"
  make_certificate first
  put_in_place first
  cat >"$work/velo.yaml" <<YAML
server: { address: 127.0.0.1, port: $port, ssl: { bundle: web } }
spring.ssl.bundle.pem.web:
  reload-on-update: true
  keystore: { certificate: "$work/web.crt", private-key: "$work/web.key" }
lb:
  backends: [ "http://127.0.0.1:$(sed -n 's/.*listens on \([0-9]*\)/\1/p' "$work/b1.log")" ]
  tls:
    redirect: { enabled: true, port: 0 }
    hsts: { max-age: 365d, include-sub-domains: true }
YAML
  java -Xmx128m -XX:+UseSerialGC -jar target/velo.jar --config "$work/velo.yaml" "$@" >"$work/velo.log" 2>&1 &
  pids+=($!)
  await 90 "Velo isn't ready" curl -kfsS -m 2 "https://127.0.0.1:$port/readyz"
  grep -q "TLS by BoringSSL" "$work/velo.log" || fail "not by BoringSSL: $(grep TLS "$work/velo.log")"
}

check_redirect() {
  local from answer
  from=$(sed -n 's/.*clear text on to TLS from .*:\([0-9]*\).*/\1/p' "$work/velo.log")
  answer=$(curl -s -o /dev/null -w '%{http_code} %{redirect_url}' "http://127.0.0.1:$from/a?b=c")
  [[ $answer == "301 https://127.0.0.1:$port/a?b=c" ]] || fail "clear text gets $answer"
  curl -kfsS -o /dev/null -D - "https://127.0.0.1:$port/" |
    grep -qi '^strict-transport-security: max-age=31536000; includeSubDomains' || fail "no Strict-Transport-Security"
  echo "tls: clear text is sent on, and browsers are told to stay"
}

check_resumption() {
  local version
  for version in tls1_2 tls1_3; do
    { printf 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'; sleep 2; } |
      openssl s_client -"$version" -connect "127.0.0.1:$port" -sess_out "$work/session" >/dev/null 2>&1 || true
    openssl s_client -"$version" -connect "127.0.0.1:$port" -sess_in "$work/session" </dev/null 2>/dev/null |
      grep -q "^Reused" || fail "a session by $version isn't resumed"
  done
  echo "tls: sessions are resumed with TLS 1.2 and 1.3"
}

check_sslscan() {
  sslscan --no-colour --xml="$work/scan.xml" "127.0.0.1:$port" >"$work/scan.txt"
  local found
  found=$(grep -E '<protocol [^>]*version="(2|3|1\.0|1\.1)" enabled="1"' "$work/scan.xml" || true)
  found+=$(grep -E '<cipher ' "$work/scan.xml" | grep -vE 'strength="(strong|acceptable)"' || true)
  found+=$(grep -E '<heartbleed [^>]*vulnerable="1"|<compression supported="1"|<renegotiation supported="1" secure="0"' \
    "$work/scan.xml" || true)
  [[ -z $found ]] || fail "sslscan finds $found"
  grep -q '<cipher ' "$work/scan.xml" || fail "sslscan sees no cipher"
  echo "tls: sslscan finds nothing among $(grep -c '<cipher ' "$work/scan.xml") ciphers"
}

check_testssl() {
  timeout 300 testssl --fast --quiet --color 0 --warnings off --nodns none --jsonfile "$work/testssl.json" -p -S -U \
    "127.0.0.1:$port" >"$work/testssl.txt" 2>&1 || true
  local found
  # What concerns the certificate itself: that nobody has signed it, and nobody revokes it.
  found=$(jq -r '.[] | select(.severity == "MEDIUM" or .severity == "HIGH" or .severity == "CRITICAL" or .severity == "FATAL")
      | select(.id | test("^cert_(chain_of_trust|trust|revocation|crlDistributionPoints|ocspURL|notAfter|expirationStatus)") | not)
      | "\(.severity) \(.id): \(.finding)"' "$work/testssl.json")
  [[ -z $found ]] || fail "testssl finds $found"
  (($(jq 'length' "$work/testssl.json") > 40)) || { cat "$work/testssl.txt" >&2; fail "testssl has hardly looked"; }
  echo "tls: testssl finds nothing of medium or worse in $(jq 'length' "$work/testssl.json") places"
}

# Two kinds of clients: some that keep their connections, and some that come anew for each request.
check_replacements() {
  local number start took late=0 longest=0
  for number in $(seq "$replacements"); do make_certificate "c$number"; done
  wrk -t1 -c2 -d600s --timeout 20s "https://127.0.0.1:$port/" >"$work/kept.txt" 2>&1 &
  local kept=$!
  wrk -t1 -c2 -d600s --timeout 20s -H "Connection: close" "https://127.0.0.1:$port/" >"$work/anew.txt" 2>&1 &
  local anew=$!
  pids+=("$kept" "$anew")
  for number in $(seq "$replacements"); do
    put_in_place "c$number"
    start=$(millis)
    until [[ $(served) == "$(serial_of "c$number")" ]]; do
      (($(millis) - start < 30000)) || fail "certificate $number isn't served after 30 s: $(tail -n 3 "$work/velo.log")"
    done
    took=$(($(millis) - start))
    ((took <= longest)) || longest=$took
    ((took <= 2000)) || late=$((late + 1))
  done
  kill -INT "$kept" "$anew"
  wait "$kept" "$anew" || true
  if grep -hE "Socket errors|Non-2xx" "$work/kept.txt" "$work/anew.txt"; then fail "requests have failed"; fi
  grep -q "requests in" "$work/kept.txt" && grep -q "requests in" "$work/anew.txt" || fail "no load"
  echo "tls: $replacements certificates, $late of them served after more than 2 s, the slowest after $longest ms; no failed" \
    "request among" \
    "$(awk '/requests in/ { print $1 }' "$work/kept.txt") on kept connections and" \
    "$(awk '/requests in/ { print $1 }' "$work/anew.txt") on new ones"
}

start_velo
check_redirect
check_resumption
check_sslscan
check_testssl
check_replacements
