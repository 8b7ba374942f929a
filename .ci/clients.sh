#!/usr/bin/env bash
# Installs from npm what tests need of other people's work: the platforms'
# published clients (test/clients). Exactly what the lock file says, once. Where
# that cannot be done it says so: the tests then skip by name, and fail under
# CI=true.
set -euo pipefail
cd "$(dirname "$0")/.."

for folder in test/clients; do
  [ -f "$folder/package-lock.json" ] || continue
  if [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
    echo "clients: $folder is there"
    continue
  fi
  if ! command -v npm >/dev/null; then
    echo "clients: no npm (Node 20), nothing installed in $folder; its tests skip by name"
    continue
  fi
  echo "clients: installing $folder"
  # A registry that is away must not stop the tests that do not need it.
  if (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error); then
    touch "$folder/node_modules/.package-lock.json"
  else
    echo "clients: $folder could not be installed; its tests skip by name"
  fi
done
