#!/usr/bin/env bash
# Prints the build cost of the core crate as a dependency: the time of a clean release build, and its crates.
set -eu
cd "$(dirname "$0")/.."
target=$(mktemp -d)
trap 'rm -rf "$target"' EXIT
cargo fetch --locked --quiet
crates=$(cargo tree --locked --offline --package callagent --edges normal,build --prefix none | sed 's/ (.*//' | sort -u)
start=$(date +%s%N)
CARGO_TARGET_DIR=$target cargo build --locked --offline --quiet --release --package callagent
tenths=$((($(date +%s%N) - start) / 100000000))
echo "clean release build: $((tenths / 10)).$((tenths % 10)) s on $(nproc) cores"
echo "crates: $(wc -l <<<"$crates"), including the core"
echo "$crates"
