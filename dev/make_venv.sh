#!/bin/sh
# Makes .venv with everything the project needs, from the newest fitting Python found on the PATH.
set -eu

fits() { command -v "$1" >/dev/null && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; }

choose_python() {
    for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
        if fits "$name"; then
            echo "$name"
            return
        fi
    done
    echo "Steward needs Python 3.11 or newer on the PATH (or PYTHON=/path/to/python)." >&2
    exit 1
}

# Debian and Ubuntu ship Python without the part that makes environments.
install_venv_package() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv
}

if ! [ -x .venv/bin/python ] || ! fits .venv/bin/python; then
    python=$(choose_python)
    echo "Making .venv with $("$python" --version) ..."
    if ! "$python" -m venv --clear .venv; then
        install_venv_package </dev/null && "$python" -m venv --clear .venv
    fi
fi
echo "Installing what the project needs into .venv ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
touch .venv/installed
