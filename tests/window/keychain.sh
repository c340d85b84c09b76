#!/usr/bin/env bash
# The system's keychain for real: a Secret Service of its own, unlocked, in a folder that is gone afterwards.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ "${1:-}" != inside ]; then
    XDG_DATA_HOME="$(mktemp -d)"
    XDG_RUNTIME_DIR="$(mktemp -d)"
    export XDG_DATA_HOME XDG_RUNTIME_DIR
    trap 'rm -rf "$XDG_DATA_HOME" "$XDG_RUNTIME_DIR"' EXIT
    timeout 120 dbus-run-session -- bash "$0" inside
    exit
fi

printf 'a password for the test\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null &
daemon=$!
trap 'kill "$daemon" 2>/dev/null || true' EXIT
asked=0
until gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets/aliases/default \
    --method org.freedesktop.DBus.Properties.Get org.freedesktop.Secret.Collection Locked 2>/dev/null | grep -q false; do
    asked=$((asked + 1))
    [ "$asked" -lt 100 ] || { echo "no unlocked Secret Service" >&2; exit 1; }
    sleep 0.1
done
cargo test --locked --lib worker::keychain -- --ignored
