# The private environment .venv from the hashed locks. Sourced by the scripts beside it, from the top folder.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

newest_enough() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# The first Python here that is new enough and can make an environment; PYTHON names another one.
find_python() {
  local candidate
  for candidate in ${PYTHON:-python3 /usr/bin/python3 python3.13 python3.12 python3.11}; do
    if newest_enough "$candidate"; then command -v "$candidate"; return; fi
  done
  fail "Python 3.11 or newer with venv is needed (Debian: apt-get install python3 python3-venv)."
}

# Names what the environment was made from; an environment made from the same is left as it is.
fingerprint() { cat "$1" scripts/installer.lock scripts/environment.sh pyproject.toml | sha256sum; }

# Hashed installation; uv where it has a wheel for this machine, pip otherwise (slower, the same files).
install_locked() {
  export UV_SYSTEM_CERTS=true UV_HTTP_TIMEOUT=120
  .venv/bin/python -m pip install -q --require-hashes --no-deps -r scripts/installer.lock \
    && .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes --no-deps -r "$1" \
    && return
  say "uv could not install; pip does the same more slowly"
  .venv/bin/python -m pip install -q --require-hashes --no-deps -r "$1"
}

# Where the environment stands and which Python it runs: a moved folder or a new Python needs a new one.
made_for() { printf '%s %s\n' "$PWD" "$(.venv/bin/python -V 2>/dev/null)"; }

# prepare_environment requirements.lock | requirements-dev.lock
prepare_environment() {
  local lock="$1" python
  if [ "$(cat .venv/made-for 2>/dev/null)" != "$(made_for)" ]; then
    python="$(find_python)"
    say "Making the private environment .venv …"
    "$python" -m venv --clear .venv
    made_for > .venv/made-for
  fi
  if [ "$(cat ".venv/made-from-$lock" 2>/dev/null)" = "$(fingerprint "$lock")" ]; then return; fi
  say "Installing $lock into .venv …"
  install_locked "$lock"
  .venv/bin/python -m pip install -q --no-index --no-deps --no-build-isolation --editable .
  fingerprint "$lock" > ".venv/made-from-$lock"
}
