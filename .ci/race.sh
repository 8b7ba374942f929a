#!/usr/bin/env bash
# The race detector needs cgo and a C compiler.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/tools.sh
if ! command -v "${CC:-gcc}" >/dev/null && ! command -v cc >/dev/null; then
  missing "the race detector needs a C compiler (apt-get install gcc libc6-dev)"
  exit 0
fi
pkgs=()
for p in queue publisher internal/outbox internal/live internal/sandbox internal/ownmodel; do
  if [ -d "$p" ]; then pkgs+=("./$p"); fi
done
echo "race: ${pkgs[*]}"
CGO_ENABLED=1 go test -race -short -timeout 30m "${pkgs[@]}"
