#!/usr/bin/env bash
# Autobahn's suite for WebSockets (groups 1 to 7 and 10, 247 cases) against an echo server behind each of Velo's lanes. All
# have to be OK and strict. With --bare it asks the echo server itself first.
# Needs: jq, Maven, Debian's python3-autobahn, a built target/velo.jar. Takes two minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. src/it/common.bash

cases=247

start_velo() { # lane port flags…
  local lane=$1 port=$2
  shift 2
  java -Xmx128m -XX:+UseSerialGC -jar target/velo.jar --server.address=127.0.0.1 --server.port="$port" \
    --lb.backends="http://127.0.0.1:$echo_port" --lb.health.enabled=false --management.server.port=-1 "$@" \
    >"$work/$lane.log" 2>&1 &
  pids+=($!)
}

lanes=(express gateway)
[[ ${1:-} != --bare ]] || lanes=(bare "${lanes[@]}")

suite=target/autobahn
mkdir -p "$suite"
for artifact in me.normanmaurer.maven.autobahntestsuite:autobahntestsuite-maven-plugin:0.1.5 \
  org.python:jython-standalone:2.7.2; do
  ./mvnw -B -ntp -q dependency:copy -Dartifact="$artifact" -DoutputDirectory="$suite" -Dmdep.overWriteReleases=false
done

/usr/bin/python3 src/it/autobahn/echo.py >"$work/echo.log" 2>&1 &
pids+=($!)
await 60 "the echo server doesn't listen" grep "echo listens on" "$work/echo.log"
echo_port=$(sed -n 's/echo listens on //p' "$work/echo.log")
express=$(free_port 18190)
start_velo express "$express"
await 60 "Velo isn't there" grep "balancing on" "$work/express.log"
gateway=$(free_port $((express + 1)))
start_velo gateway "$gateway" --lb.express.enabled=false
await 60 "Velo isn't there" grep "balancing on" "$work/gateway.log"

declare -A ports=([bare]=$echo_port [express]=$express [gateway]=$gateway)
servers=()
for lane in "${lanes[@]}"; do
  servers+=("$lane=ws://127.0.0.1:${ports[$lane]}")
done
timeout 420 java -Xmx256m -XX:+UseSerialGC -Dpython.cachedir.skip=true -cp "$suite/*" org.python.util.jython \
  src/it/autobahn/fuzz.py "$work/report" "${servers[@]}" >"$work/fuzz.log" 2>&1 ||
  { tail -n 20 "$work/fuzz.log"; fail "the suite itself failed"; }

for lane in "${lanes[@]}"; do
  found=$(jq --arg lane "$lane" '.[$lane] | length' "$work/report/index.json")
  ((found == cases)) || fail "$lane: $found cases instead of $cases"
  flaws=$(jq -r --arg lane "$lane" '.[$lane] | to_entries[]
    | select([.value.behavior, .value.behaviorClose] | all(. == "OK" or . == "INFORMATIONAL") | not)
    | "\($lane) \(.key) \(.value.behavior) \(.value.behaviorClose)"' "$work/report/index.json")
  [[ -z $flaws ]] || fail "not OK:"$'\n'"$flaws"
  echo "autobahn: $lane: $cases cases are as they should be"
done
