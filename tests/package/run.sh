#!/bin/sh
# run.sh BUILD_FOLDER: installs that build into an empty prefix, then builds and runs the stranger.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$1" --prefix "$work/prefix" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
cmake -S "$here" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_BUILD_TYPE=Release > "$work/log" 2>&1 &&
  cmake --build "$work/build" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
mkdir "$work/pictures"
"$work/build/stranger" "$work/pictures"
"$work/build/vectors" "$work/vectors.alike"
# The installed program must find everything in the prefix, even with the build's cache out of reach.
HOME=$work ALIKE_CACHE=$work/none "$work/prefix/bin/alike" --version
