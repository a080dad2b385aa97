#!/usr/bin/env bash
# gRPC's own interoperability tests, in Java: their client asks their server through Velo. Left out are the cases that need
# more than a connection from end to end: cacheable_unary (GET), orca_per_rpc, and the compressed ones that first send what
# must be refused.
# Needs: a built target/velo.jar, Maven for the jars. Takes about 40 seconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. src/it/common.bash

cases=(
  empty_unary large_unary client_compressed_unary_noprobe server_compressed_unary
  client_streaming client_compressed_streaming_noprobe server_streaming server_compressed_streaming
  ping_pong empty_stream custom_metadata status_code_and_message special_status_message
  unimplemented_method unimplemented_service cancel_after_begin cancel_after_first_response
  timeout_on_sleeping_server very_large_request pick_first_unary rpc_soak
)

small_java() {
  java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto "$@"
}

interop() { # case port: exit code 0 if it passes
  small_java -cp "$classpath" io.grpc.testing.integration.TestServiceClient --server_host=127.0.0.1 --server_port="$2" \
    --use_tls=false --test_case="$1" --soak_iterations=200 >"$work/case-$1" 2>&1
}

passes() { # case
  interop "$1" "$velo_port" && echo "$1" >>"$work/passed" && return
  echo "grpc: $1 failed" >&2
  tail -n 15 "$work/case-$1" >&2
}

start() {
  ./mvnw -B -ntp -q -f src/it/grpc/pom.xml dependency:build-classpath -Dmdep.outputFile="$work/classpath"
  classpath=$(<"$work/classpath")
  server_port=$(free_port 18081)
  velo_port=$(free_port $((server_port + 1)))
  small_java -cp "$classpath" io.grpc.testing.integration.TestServiceServer --port="$server_port" --use_tls=false \
    >"$work/server.log" 2>&1 &
  pids+=($!)
  cat >"$work/velo.yaml" <<YAML
server: { address: 127.0.0.1, port: $velo_port, http2.enabled: true }
lb:
  backends: [ "h2c://127.0.0.1:$server_port" ]
  health.enabled: false # the server doesn't say
YAML
  java -Xmx256m -XX:+UseSerialGC -jar target/velo.jar --config "$work/velo.yaml" >"$work/velo.log" 2>&1 &
  pids+=($!)
  await 60 "the server doesn't listen" bash -c "exec 3<>/dev/tcp/127.0.0.1/$server_port"
  await 60 "Velo isn't ready" curl -fsS -m 2 "http://127.0.0.1:$velo_port/readyz"
}

run() {
  # two at once: most of the time of each is the start of its JVM
  printf '%s\n' "${cases[@]}" | {
    local name running=()
    while read -r name; do
      passes "$name" &
      running+=($!)
      if ((${#running[@]} == 2)); then
        wait "${running[0]}" || true
        running=("${running[1]}")
      fi
    done
    wait "${running[@]}" || true
  }
  local passed
  passed=$(wc -l <"$work/passed")
  ((passed == ${#cases[@]})) || fail "$passed of ${#cases[@]} cases pass"
  echo "grpc: $passed of ${#cases[@]} cases pass"
}

in_flight_is_zero() {
  curl -fsS -m 5 "http://127.0.0.1:$velo_port/actuator/prometheus" | grep -E '^lb_backend_in_flight' | awk '$2 != 0 { exit 1 }'
}

touch "$work/passed"
start
run
await 20 "calls are in flight although all have ended" in_flight_is_zero
