#!/bin/sh
# run.sh BUILD_FOLDER: installs that build into an empty prefix, then builds and runs the examples as
# a project would that knows nothing but the installed package.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
quietly() { "$@" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }; }
said() { "$@" > "$work/said" 2>&1 || { cat "$work/said"; exit 1; }; }
says() { grep -q "$1" "$work/said" || { echo "'$1' is not in:"; cat "$work/said"; exit 1; } >&2; }

quietly cmake --install "$build" --prefix "$work/prefix"
quietly cmake -S "$here/../../examples" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_BUILD_TYPE=Release
quietly cmake --build "$work/build"

# Each promised header says all that it needs.
mkdir "$work/headers"
(cd "$work/prefix/include" && find . -name '*.h') | while read -r header; do
  echo "#include \"$header\"" > "$work/headers/$(echo "$header" | tr '/' '_').cpp"
done
find "$work/headers" -name '*.cpp' -print0 |
  xargs -0 -P 2 -n 1 c++ -std=c++20 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I "$work/prefix/include"

# The installed program must find everything in the prefix, even with the build's cache out of reach.
export HOME="$work" ALIKE_HOME="$work/home" ALIKE_CACHE="$work/none"
alike=$work/prefix/bin/alike
"$alike" --version

mkdir "$work/samples" "$work/pictures"
"$build/write_samples" "$work/samples"
quietly "$alike" models add "$work/samples/tiny.onnx" --name tiny --mean 127 --scale 64
# Twice: the second time the network is taken as it was compiled.
for _ in once again; do quietly "$alike" embed "$work/samples/picture.jpg" --encoder tiny --out "$work/x.npy"; done
for folder in left right; do
  mkdir "$work/pictures/$folder"
  for i in 1 2 3; do cp "$work/samples/picture.jpg" "$work/pictures/$folder/$i.jpg"; done
done
: > "$work/pictures/broken.jpg"
said "$work/build/search_folder" "$work/pictures" "$work/samples/picture.jpg" tiny
says "6 pictures embedded"
says "skipped broken.jpg"
says "1.000 left/1.jpg"
said "$work/build/judge_encoder" "$work/pictures"
says "recall@1"
said "$work/build/own_vectors" "$work/vectors.alike"
says "999 left"
said "$work/build/own_map" "$work/map"
says "kept as crowds.umap"
said "$alike" -C "$work/map" map --list
says "crowds.umap"
