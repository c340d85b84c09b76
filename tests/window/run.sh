#!/usr/bin/env bash
# The real window under Xvfb, driven through its accessibility tree as a screen reader would.
set -euo pipefail
cd "$(dirname "$0")/../.."

cargo build --locked --bin florist
binary="${CARGO_TARGET_DIR:-target}/debug/florist"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# No display: one clear sentence, exit 1.
if env -u DISPLAY -u WAYLAND_DISPLAY "$binary" --data "$work/none" 2>"$work/stderr"; then
    echo "without a display the window should not open" >&2
    exit 1
fi
grep -q "There is no display" "$work/stderr" || { cat "$work/stderr" >&2; exit 1; }
[ "$(wc -l <"$work/stderr")" = 1 ] || { cat "$work/stderr" >&2; exit 1; }

unset FLORA_API_KEY FLORA_BASE_URL WAYLAND_DISPLAY
for script in drive.py dialog.py; do
    echo "-- $script"
    timeout 240 xvfb-run -a -s "-screen 0 1440x900x24" \
        dbus-run-session -- /usr/bin/python3 "tests/window/$script" "$binary" "$work/$script"
done
