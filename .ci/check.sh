#!/usr/bin/env bash
# Everything that reads the code without running it.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/tools.sh

own() { find . -name node_modules -prune -o -name .cache -prune -o -name "$1" -print; }

echo "check: gofmt"
unformatted=$(own '*.go' | xargs gofmt -l)
if [ -n "$unformatted" ]; then
  echo "not formatted (run gofmt -w):"
  echo "$unformatted"
  exit 1
fi

echo "check: go vet"
go vet ./...

echo "check: staticcheck"
staticcheck=$(tool staticcheck honnef.co/go/tools/cmd/staticcheck@v0.8.2)
if [ -n "$staticcheck" ]; then "$staticcheck" ./...; else missing "staticcheck cannot be installed here"; fi

# templ's output is committed; what is committed must be what it writes.
if [ -n "$(own '*.templ')" ]; then
  echo "check: templ"
  version=$(go list -m -f '{{.Version}}' github.com/a-h/templ)
  templ=$(tool templ "github.com/a-h/templ/cmd/templ@$version")
  if [ -n "$templ" ]; then
    fresh=$(mktemp -d)
    trap 'rm -rf "$fresh"' EXIT
    own '*.templ' | tar -cf - -T - | tar -xf - -C "$fresh"
    cp go.mod go.sum "$fresh"
    # As go generate does: in each folder, because templ writes its paths down.
    own '*.templ' | xargs -n 1 dirname | sort -u | while read -r folder; do
      (cd "$fresh/$folder" && "$templ" generate -log-level error >/dev/null)
    done
    own '*.templ' | sed 's/\.templ$/_templ.go/' | while read -r f; do
      cmp -s "$f" "$fresh/$f" || { echo "$f is not what templ writes: run templ generate"; exit 1; }
    done
  else
    missing "templ cannot be installed here, generated pages were not compared"
  fi
fi

# The advisories come from a file where there is one (KENTONGAN_VULNDB, an
# unpacked or packed copy of the Go vulnerability database), else from the net.
echo "check: govulncheck"
govulncheck=$(tool govulncheck golang.org/x/vuln/cmd/govulncheck@v1.9.0)
vulndb=${KENTONGAN_VULNDB:-../shared/vulndb.tar.gz}
if [ -z "$govulncheck" ]; then
  missing "govulncheck cannot be installed here"
elif [ -f "$vulndb" ]; then
  db=$(mktemp -d)
  trap 'rm -rf "$db" "${fresh:-}"' EXIT
  tar -xzf "$vulndb" -C "$db"
  index=$(find "$db" -path '*index/db.json' | head -n 1)
  ids=$(find "$db" -path '*/ID/GO-*.json' -printf '%f\n' | sort -V)
  echo "check: $(echo "$ids" | wc -l) advisories from $vulndb, up to $(basename "$(echo "$ids" | tail -n 1)" .json)"
  "$govulncheck" -db "file://$(dirname "$(dirname "$index")")" ./...
elif [ -d "$vulndb" ]; then
  "$govulncheck" -db "file://$(cd "$vulndb" && pwd)" ./...
else
  said=$(mktemp)
  if "$govulncheck" ./... >"$said" 2>&1; then
    cat "$said"
  elif grep -q 'Vulnerability #' "$said"; then
    cat "$said"
    exit 1
  else
    # Not a reason to fail CI: whether the net is there is not ours to decide.
    echo "check: NOT DONE: govulncheck has no database (set KENTONGAN_VULNDB): $(tail -n 1 "$said")"
  fi
  rm -f "$said"
fi
echo "check: done"
