#!/usr/bin/env bash
# Runs every fuzz target there is, each for FUZZTIME. A package is built once
# for all its targets, and as many run side by side as there are processors,
# each on one: CI's minutes go into fuzzing, not into building.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${FUZZTIME:-3s}
root=$PWD
targets=$(grep -rno --include='*_test.go' --exclude-dir=node_modules --exclude-dir=.cache -E '^func Fuzz[A-Za-z0-9_]+' . | sed -E 's/^(.*)\/[^/]+:[0-9]+:func (Fuzz.*)$/\1 \2/' | sort -u)
echo "fuzz: $(echo "$targets" | wc -l) targets, $time each"
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
for pkg in $(echo "$targets" | cut -d' ' -f1 | sort -u); do
  # With -fuzz the compiler counts what is reached; without it fuzzing is blind.
  go test -c -fuzz . -o "$bin/$(echo "$pkg" | tr / _)" "$pkg"
done

# one PKG TARGET
#
# What earlier runs found is not read first: it would take the whole time on a
# busy machine, and another run would be another test. Two ends say nothing of
# the target, and it is run again with more time: Go's coordinator ends now and
# then with "context deadline exceeded" and no input, and a slow machine may
# not get beyond the seeds.
one() {
  local out t
  for t in "$time" 15s 30s; do
    if out=$(cd "$root/$1" && "$bin/$(echo "$1" | tr / _)" -test.run '^$' -test.fuzz "^$2\$" -test.fuzztime "$t" -test.parallel 1 \
      -test.fuzzcachedir "$bin/found/$1" </dev/null 2>&1); then
      if grep -q 'execs: [1-9]' <<<"$out"; then
        echo "fuzz: $1 $2: $(grep -oE 'execs: [0-9]+' <<<"$out" | tail -n 1)"
        return
      fi
      grep -q 'gathering baseline coverage' <<<"$out" || break # it did not run at all
    else
      grep -q 'context deadline exceeded' <<<"$out" && ! grep -q 'Failing input' <<<"$out" || break
    fi
  done
  echo "$out"
  echo "fuzz: $1 $2 failed; the input is in $1/testdata/fuzz"
  return 255 # xargs begins nothing more
}
export -f one
export bin root time
echo "$targets" | xargs -P "$(nproc)" -L 1 bash -c 'one "$0" "$1"'
echo "fuzz: done"
