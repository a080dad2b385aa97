# What the scripts beside this one have in common. They source it: $work is a folder and pids are processes that go when the
# script ends, however it ends.

work=$(mktemp -d)
pids=()

fail() { # why
  tail -n 20 "$work"/*.log >&2 2>/dev/null || true
  echo "$(basename "$0" .sh): $*" >&2
  exit 1
}

finish() {
  { kill -KILL "${pids[@]}" && wait "${pids[@]}"; } 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

free_port() { # from
  local port=$1
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  echo "$port"
}

await() { # seconds what command…
  local seconds=$1 what=$2
  shift 2
  for _ in $(seq $((seconds * 5))); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.2
  done
  fail "$what"
}
