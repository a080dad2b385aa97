#!/usr/bin/env bash
# A Prometheus that scrapes a Velo under some load and some trouble: are the rules right, do they ask for series that there
# are, does each panel of the Grafana board show something, and do the alerts of that trouble fire?
# Needs: prometheus with promtool, curl, jq, a built target/velo.jar. Takes about 50 seconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. src/it/common.bash

rules=helm/velo/files/alerts.yaml
board=helm/velo/files/grafana.json

start_backend() { # number flags…
  local number=$1
  shift
  java -Xmx32m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar target/velo.jar demo-backend 0 --name "b$number" "$@" \
    >"$work/b$number.log" 2>&1 &
  pids+=($!)
}

backend_port() { # number
  sed -n 's/.*listens on \([0-9]*\)/\1/p' "$work/b$1.log"
}

check_rules() {
  promtool check rules "$rules" >"$work/checked" || { cat "$work/checked"; fail "the rules are wrong"; }
  promtool test rules src/it/observe/alerts.test.yaml >"$work/tested" 2>&1 || { cat "$work/tested"; fail "a test of the rules"; }
  echo "observe: $(sed -n 's/.*SUCCESS: //p' "$work/checked"), and the tests of the alerts pass"
}

start_velo() {
  start_backend 1 --delay 5ms
  start_backend 2 --fail-rate 0.3
  start_backend 3
  velo_port=$(free_port 18090)
  for number in 1 2 3; do await 30 "backend $number doesn't listen" grep "listens on" "$work/b$number.log"; done
  cat >"$work/velo.yaml" <<YAML
server: { address: 127.0.0.1, port: $velo_port }
lb:
  backends: [ "http://127.0.0.1:$(backend_port 1)", "http://127.0.0.1:$(backend_port 2)" ]
  health: { interval: 1s, timeout: 1s, fall: 1 }
  pools:
    # One of two fails all that it gets, without probes: second attempts and an ejection.
    half: { health: { enabled: false }, backends: [ "http://127.0.0.1:$(backend_port 1)", "http://127.0.0.1:1" ] }
    dying: { backends: [ "http://127.0.0.1:$(backend_port 3)" ] }
    # Nobody asks these two; they are there for the series of canaries and of discovery.
    careful: { backends: [ "http://127.0.0.1:$(backend_port 1)" ], canary: { pool: found, percent: 1 } }
    found: { backends: [ "dns://localhost:$(backend_port 2)" ] }
spring.cloud.gateway.server.webflux.routes:
  - { id: half, uri: "lb://half", predicates: [ "Path=/half/**" ] }
  - { id: dying, uri: "lb://dying", predicates: [ "Path=/dying/**" ] }
  - { id: all, uri: "lb://default", predicates: [ "Path=/**" ] }
YAML
  java -Xmx64m -XX:+UseSerialGC -jar target/velo.jar --config "$work/velo.yaml" >"$work/velo.log" 2>&1 &
  pids+=($!)
  await 60 "Velo isn't ready" curl -fsS -m 2 "http://127.0.0.1:$velo_port/readyz"
}

start_prometheus() {
  prometheus_port=$(free_port 19090)
  # Pending times are for people, not for a test.
  sed -E 's/^( +for:) .*/\1 1s/' "$rules" >"$work/rules.yaml"
  cat >"$work/prometheus.yaml" <<YAML
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [ rules.yaml ]
scrape_configs:
  - job_name: velo
    metrics_path: /actuator/prometheus
    static_configs: [ { targets: [ "127.0.0.1:$velo_port" ] } ]
YAML
  prometheus --config.file="$work/prometheus.yaml" --storage.tsdb.path="$work/data" \
    --web.listen-address="127.0.0.1:$prometheus_port" >"$work/prometheus.log" 2>&1 &
  pids+=($!)
  await 30 "Prometheus isn't ready" curl -fsS -m 2 "http://127.0.0.1:$prometheus_port/-/ready"
}

# In the background, for as many seconds.
load() { # seconds
  local end=$((SECONDS + $1)) path
  while ((SECONDS < end)); do
    for path in / /half/ /dying/; do
      curl -s -m 2 -o /dev/null -o /dev/null -o /dev/null "http://127.0.0.1:$velo_port$path?[1-20]" || true
    done
    sleep 0.1
  done
}

ask() { # query: the number of series of its answer; fails if Prometheus doesn't understand it
  curl -fsS -m 10 -G "http://127.0.0.1:$prometheus_port/api/v1/query" --data-urlencode "query=$1" |
    jq -e 'if .status == "success" then .data.result | length else empty end'
}

# What Grafana would send.
# shellcheck disable=SC2016 # Grafana's variables, not the shell's
board_queries() {
  jq -r '.panels[] | .title as $title | .targets[]? | [$title, .expr] | @tsv' "$board" |
    sed 's/\$job/velo/g; s/\$instance/.*/g; s/\$pool/.*/g; s/\$__rate_interval/20s/g'
}

# shellcheck disable=SC2016
check_board() {
  local title query series panels=0
  while IFS=$'\t' read -r title query; do
    query=$(printf '%b' "$query")
    series=$(ask "$query") || fail "the panel '$title' asks what Prometheus doesn't understand: $query"
    ((series > 0)) || fail "the panel '$title' stays empty: $query"
    panels=$((panels + 1))
  done < <(board_queries)
  ((panels > 20)) || fail "only $panels queries found in the board"
  local variable
  while read -r variable; do
    (($(ask "$variable") > 0)) || fail "nothing to choose from: $variable"
  done < <(jq -r '.templating.list[].query.query? // empty' "$board" |
    sed -E 's/label_values\((.*), ([a-z]+)\)/count by (\2) (\1)/; s/\$job/velo/')
  echo "observe: each of the $panels queries of the board has an answer"
}

# Each series that a rule asks for is there, or is made by another rule.
check_series() {
  local name names=0
  while read -r name; do
    (($(ask "count({__name__=\"$name\"})") > 0)) || fail "a rule asks for $name, which Velo doesn't have"
    names=$((names + 1))
  done < <(grep -oE '\b(lb|jvm|process)_[a-z_]+\b' "$rules" | sort -u)
  ((names >= 8)) || fail "only $names series found in the rules"
  local broken
  broken=$(curl -fsS -m 10 "http://127.0.0.1:$prometheus_port/api/v1/rules" |
    jq -r '.data.groups[].rules[] | select(.health != "ok") | "\(.name): \(.lastError)"')
  [[ -z $broken ]] || fail "rules that cannot be evaluated: $broken"
  echo "observe: all $names series that the rules ask for are there"
}

firing() { # alert
  curl -fsS -m 10 "http://127.0.0.1:$prometheus_port/api/v1/alerts" |
    jq -e --arg name "$1" 'any(.data.alerts[]; .state == "firing" and .labels.alertname == $name)'
}

await_alerts() {
  local alert
  for alert in "$@"; do await 30 "$alert doesn't fire" firing "$alert"; done
  echo "observe: fired: $*"
}

not_firing() {
  local alert
  for alert in "$@"; do
    if firing "$alert" >/dev/null; then fail "$alert fires without a cause"; fi
  done
}

check_rules
start_velo
start_prometheus
load 35 &
pids+=($!)
sleep 5
not_firing VeloDown VeloNoBackends VeloBackendDown VeloPanic VeloConfigurationRefused
curl -fsS -m 2 "http://127.0.0.1:$(backend_port 3)/health?set=down" >/dev/null
await_alerts VeloNoBackends VeloBackendDown VeloErrorBudgetBurnsFast VeloErrorBudgetBurnsSlowly VeloBackendEjected
echo "lb.strategy: none-such" >>"$work/velo.yaml"
await_alerts VeloConfigurationRefused
not_firing VeloDown VeloAbsent VeloPanic VeloFewBackends
check_board
check_series
echo "observe: passed"
