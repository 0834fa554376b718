# Shared by the scripts beside it; sourced from the top of the tree.

python="/usr/bin/python3 -I"  # no module comes from the current folder or PYTHONPATH
cache=${ALIKE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/alike}
export ALIKE_CACHE="$cache"

openvino_version=$(sed -n 's/^set(ALIKE_OPENVINO_VERSION \(.*\))/\1/p' cmake/Dependencies.cmake)
openvino_requirement=openvino==$openvino_version
openvino_sha256=2d22b1da03f7caf74df30e9f6417d0ab2f637e4a38e08e1dcd294d2c37407aaf

node_version=22.20.0
node_sha256=b5c500aa4dc046333ecb0a80f183e069e5c30ce637f1c1a37166b2c0b642dc21

# Newer than Debian's: it reads what the headers of others declare, but does not check it, and is 2.5 times as fast.
clang_tidy_version=23.1.4
clang_tidy_sha256=6bb31e4f319ecbe14acb75f23c3050d0f1d4b1d92ea1c66091bc76e4eac2c1ac

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Is this Debian package there?
installed() {
  [ "$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null)" = "install ok installed" ]
}

# fetch_wheel REQUIREMENT SHA256 [PLATFORM]: sets $wheel to its file in $cache, from there or through pip.
fetch_wheel() {
  mkdir -p "$cache"
  wheel=$(find_by_hash "$2")
  if [ -z "$wheel" ]; then
    printf '%s --hash=sha256:%s\n' "$1" "$2" > "$cache/requirement.txt"
    $python -m pip download -q --disable-pip-version-check --no-deps --only-binary=:all: \
      --platform "${3:-manylinux_2_28_x86_64}" --python-version 3.11 --implementation cp --abi cp311 \
      --require-hashes -r "$cache/requirement.txt" -d "$cache"
    rm "$cache/requirement.txt"
    wheel=$(find_by_hash "$2")
  fi
  [ -n "$wheel" ] || { echo "$1: no wheel with sha256 $2 could be fetched" >&2; exit 1; }
}

# The file in $cache with this hash, if any.
find_by_hash() {
  for file in "$cache"/*.whl; do
    [ -f "$file" ] || continue
    if [ "$(sha256sum < "$file")" = "$1  -" ]; then echo "$file"; return; fi
  done
}

# Puts a Node of version 20 or later in front of PATH: the system's, or the one in $cache.
use_node() {
  major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
  if [ "${major:-0}" -ge 20 ] && command -v npm > /dev/null; then return; fi
  PATH=$cache/node-$node_version/bin:$PATH
  export PATH
}

# Keeps compiled files in $cache/ccache, for clones in any folder: paths count from the top of the tree.
use_ccache() {
  command -v ccache > /dev/null || return 0
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
  export CCACHE_DIR="${CCACHE_DIR:-$cache/ccache}" CCACHE_BASEDIR="${CCACHE_BASEDIR:-$PWD}"
  export CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_MAXSIZE="${CCACHE_MAXSIZE:-5G}"
}

# configure_and_build PRESET [TARGET...]
configure_and_build() {
  preset=$1; shift
  use_node
  use_ccache
  cmake --preset "$preset" > "build-$preset.log" 2>&1 || { cat "build-$preset.log"; rm "build-$preset.log"; exit 1; }
  rm "build-$preset.log"
  cmake --build --preset "$preset" ${1:+--target "$@"}
}
