# Sourced by the other scripts: puts a Go tool at an exact version into the cache.
tools=$PWD/.cache/tools

# tool NAME MODULE@VERSION: prints the path, or nothing when it cannot be had.
tool() {
  local want="$tools/$1-${2##*@}"
  if [ ! -x "$want" ]; then
    echo "check: installing $1 ${2##*@}" >&2
    local bin
    bin=$(mktemp -d)
    if GOBIN=$bin go install "$2" >&2; then
      mkdir -p "$tools"
      mv "$bin/$1" "$want"
    fi
    rm -rf "$bin"
  fi
  [ ! -x "$want" ] || echo "$want"
}

# missing WHAT: says plainly what was not done; under CI it is a failure.
missing() {
  echo "check: NOT DONE: $1"
  if [ "${CI:-}" = true ]; then exit 1; fi
}
