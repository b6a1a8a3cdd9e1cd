#!/usr/bin/env bash
# What the browser tests need and pip cannot bring: Debian's Chromium and a font with every Vietnamese
# letter and the symbols of the lights. Does nothing where they are present; says what to do where it
# may not install.
set -euo pipefail

packages=()
command -v chromium >/dev/null || packages+=(chromium)
# The pages bring their own font for text; the symbols (● ▲ ■) come from the system's.
if ! command -v fc-list >/dev/null || [ -z "$(fc-list :lang=vi)" ]; then
  packages+=(fontconfig fonts-dejavu-core)
fi
[ ${#packages[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "The browser tests need: ${packages[*]}. Install them as root, for example:" >&2
  echo "  sudo apt-get install --no-install-recommends ${packages[*]}" >&2
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "Installing ${packages[*]} ..."
if ! { apt-get update && apt-get install -y --no-install-recommends "${packages[@]}"; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  exit 1
fi
