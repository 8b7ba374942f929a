#!/usr/bin/env bash
# Installs the real servers the tests use: redis-server, PostgreSQL, Chromium
# (Debian packages), snac2 (Debian backports, unpacked into the cache, so that
# no apt source of the machine changes) and a Bluesky network (npm, into the
# cache: about 80 s, 360 MB). Quick when all is there, so it
# runs before every test run. Where it cannot install it says so: the tests
# then skip by name, and fail under CI=true.
set -euo pipefail
cd "$(dirname "$0")/.."

need=()
have() { command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] || ls /usr/lib/postgresql/*/bin/"$1" >/dev/null 2>&1; }
have redis-server || need+=(redis-server)
have initdb || need+=(postgresql)
have chromium || need+=(chromium)
have "${CC:-gcc}" || need+=(gcc libc6-dev) # for the race detector
snac=${KENTONGAN_SNAC:-$PWD/.cache/tools/snac}

sky=${KENTONGAN_BLUESKY:-$PWD/.cache/tools/bluesky}
if [ ! -d "$sky/node_modules/@atproto/dev-env" ] || ! cmp -s test/servers/bluesky/package-lock.json "$sky/package-lock.json"; then
  if command -v npm >/dev/null; then
    echo "servers: installing a Bluesky network"
    mkdir -p "$sky"
    rm -rf "$sky/node_modules" "$sky/package-lock.json"
    # One of its packages is compiled here; Debian has Node's headers in /usr.
    [ ! -f /usr/include/node/node_api.h ] || export npm_config_nodedir=/usr
    cp test/servers/bluesky/package.json test/servers/bluesky/package-lock.json "$sky/"
    if ! (cd "$sky" && npm ci --no-audit --no-fund --loglevel=error >npm.log 2>&1 && node -e "new (require('better-sqlite3'))(':memory:')"); then
      echo "servers: the Bluesky network could not be installed, its tests skip by name: $(tail -n 1 "$sky/npm.log" 2>/dev/null)"
      rm -rf "$sky/node_modules" "$sky/package-lock.json"
    fi
  else
    echo "servers: no npm, no Bluesky network; its tests skip by name"
  fi
fi

tg=${KENTONGAN_TELEGRAM_TEST_API:-$PWD/.cache/tools/telegram}
if ! cmp -s test/servers/telegram/package-lock.json "$tg/package-lock.json" || [ ! -d "$tg/node_modules/telegram-test-api" ]; then
  mkdir -p "$tg"
  if command -v npm >/dev/null && cp test/servers/telegram/package.json test/servers/telegram/package-lock.json "$tg/" &&
    (cd "$tg" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >npm.log 2>&1); then
    echo "servers: installed telegram-test-api"
  else
    echo "servers: telegram-test-api could not be installed, its test skips by name: $(tail -n 1 "$tg/npm.log" 2>/dev/null)"
    rm -f "$tg/package-lock.json"
  fi
fi

if [ ${#need[@]} = 0 ] && [ -x "$snac" ]; then
  echo "servers: all there"
  exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  [ -x "$snac" ] || need+=(snac2)
  echo "servers: not root or not Debian, nothing installed; tests that need ${need[*]} skip by name"
  exit 0
fi

export DEBIAN_FRONTEND=noninteractive
if [ ${#need[@]} -gt 0 ]; then
  echo "servers: installing ${need[*]}"
  # A source that is down must not stop the others.
  apt-get update -qq || echo "servers: apt-get update complained, going on with what is there"
  apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
fi

if [ ! -x "$snac" ]; then
  echo "servers: fetching snac2 from backports"
  sources=/etc/apt/sources.list.d/debian.sources
  if [ ! -f "$sources" ]; then
    echo "servers: no $sources, snac2 not installed; its test skips by name"
    exit 0
  fi
  release=$(. /etc/os-release && echo "$VERSION_CODENAME")
  d=$(mktemp -d)
  trap 'rm -rf "$d"' EXIT
  mkdir -p "$d"/{parts,lists/partial,cache/archives/partial,x}
  sed "/^\$/,\$d; s/^Suites: .*/Suites: $release-backports/" "$sources" >"$d/parts/backports.sources"
  apt=(apt-get
    -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$d/parts"
    -o Dir::State::lists="$d/lists" -o Dir::Cache="$d/cache"
    -o APT::Sandbox::User=root -o Acquire::Languages=none
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
    -o Acquire::IndexTargets::deb::CNF::DefaultEnabled=false)
  "${apt[@]}" update -qq
  (cd "$d/x" && "${apt[@]}" download -qq snac2 && dpkg-deb -x snac2_*.deb .)
  mkdir -p "$(dirname "$snac")"
  install -m755 "$d/x/usr/bin/snac" "$snac"
fi
echo "servers: ready"
