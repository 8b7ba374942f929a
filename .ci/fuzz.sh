#!/usr/bin/env bash
# Runs every fuzz target there is, each for FUZZTIME.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${FUZZTIME:-3s}
targets=$(grep -rno --include='*_test.go' --exclude-dir=node_modules --exclude-dir=.cache -E '^func Fuzz[A-Za-z0-9_]+' . | sed -E 's/^(.*)\/[^/]+:[0-9]+:func (Fuzz.*)$/\1 \2/' | sort -u)
echo "fuzz: $(echo "$targets" | wc -l) targets, $time each"
while read -r pkg target; do
  out=$(go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$pkg" 2>&1 </dev/null) || {
    echo "$out"
    echo "fuzz: $pkg $target failed; the input is in $pkg/testdata/fuzz"
    exit 1
  }
  echo "fuzz: $pkg $target: $(echo "$out" | grep -oE 'execs: [0-9]+' | tail -n 1)"
done <<<"$targets"
