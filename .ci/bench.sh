#!/usr/bin/env bash
# The figures that the project promises: size, first usable screen on an empty
# data folder, memory of the demo with everything it started, and benchmarks.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=./bin/kentongan
data=$(mktemp -d)
log=$data/log
port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])' 2>/dev/null || echo 18237)

printf 'bench: binary %s\n' "$(du -h "$bin" | cut -f1)"

started=$(date +%s%N)
"$bin" demo --data "$data/demo" --listen "127.0.0.1:$port" >"$log" 2>&1 &
pid=$!
trap 'kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; rm -rf "$data"' EXIT
until curl -fsSL -o "$data/page" "http://127.0.0.1:$port/" 2>/dev/null; do
  if ! kill -0 "$pid" 2>/dev/null; then
    cat "$log"
    echo "bench: the demo ended"
    exit 1
  fi
  sleep 0.02
done
took=$((($(date +%s%N) - started) / 1000000))
grep -q '<form' "$data/page" || { echo "bench: the first screen has nothing to sign in with"; exit 1; }
echo "bench: first usable screen after $took ms (promised: under 5000)"

# Resident memory of a process and all its children, in KB.
memory() {
  local sum child
  sum=$(awk '/^VmRSS/ { print $2 }' "/proc/$1/status" 2>/dev/null || echo 0)
  for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do sum=$((sum + $(memory "$child"))); done
  echo "$sum"
}
sleep 30 # the promise is about half a minute after the first page
mb=$(($(memory "$pid") / 1000))
echo "bench: demo uses $mb MB 30 s after the first page, with everything it started (promised: under 120)"
kill "$pid"
wait "$pid" || true

go test -run '^$' -bench 'Deliveries|AgainstFloor' -benchtime 500x ./test/bench
# Some platforms are waited for, so fewer.
go test -run '^$' -bench Connectors -benchtime 100x ./test/bench
go test -run '^$' -bench . -benchtime 1s ./moderation/... ./internal/text/...
if [ "$took" -ge 5000 ] || [ "$mb" -ge 120 ]; then
  echo "bench: a promise is not kept"
  exit 1
fi
