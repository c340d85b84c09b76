#!/usr/bin/env bash
# Installs what the tests need on a bare Debian machine, then: format, lint, tidy, every test.
set -euo pipefail
cd "$(dirname "$0")/.."
# Pictures of the window show times of day.
export TZ=UTC
export CARGO_TERM_COLOR=never RUSTFLAGS="${RUSTFLAGS:--D warnings}"

packages=(
    gcc g++ ca-certificates curl git fontconfig
    xvfb xauth openbox xdotool xclip imagemagick zenity dbus dbus-x11 xdg-utils
    libgl1 libegl1 libgl1-mesa-dri mesa-vulkan-drivers libvulkan1
    libxkbcommon0 libxkbcommon-x11-0 libx11-6 libx11-xcb1 libxcursor1 libxi6
    libwayland-client0 libfontconfig1 libdbus-1-3
    at-spi2-core python3 python3-gi gir1.2-atspi-2.0 python3-pyatspi
    gnome-keyring libglib2.0-bin
    nodejs npm
)

missing() { # the packages that are not installed; a node from elsewhere counts
    local package
    for package in "${packages[@]}"; do
        case "$package" in nodejs | npm) command -v "${package/nodejs/node}" >/dev/null && continue ;; esac
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || echo "$package"
    done
}

step() { printf '\n== %s (%s s so far)\n' "$1" "$SECONDS"; }

if command -v apt-get >/dev/null; then
    step "packages"
    mapfile -t wanted < <(missing)
    if [ "${#wanted[@]}" -gt 0 ]; then
        sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
        $sudo apt-get update -qq
        DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
    fi
fi

step "format"
cargo fmt --check

step "lint"
cargo clippy --locked --all-targets -- -D warnings

if command -v cargo-deny >/dev/null; then
    step "licences, bans, sources"
    cargo deny --offline --config .deny.toml check licenses bans sources
fi

step "tidy"
cargo test --locked --test it tidy::

step "FLORA's own SDK"
npm install --prefix tests/it/sdk --no-audit --no-fund --loglevel=error

step "tests"
cargo test --locked
cargo test --locked --lib studio::tests::sdk -- --ignored

step "the system's keychain"
bash tests/window/keychain.sh

step "the real window"
bash tests/window/run.sh

step "done"
