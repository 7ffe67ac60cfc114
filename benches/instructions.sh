#!/usr/bin/env bash
# Count the instructions of whole runs, which do not depend on what else the machine does. Needs valgrind.
#
# usage: benches/instructions.sh [BINARY]
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${1:-target/release/proofmark}
inputs=$(mktemp -d)
trap 'rm -rf "$inputs"' EXIT

cargo run --quiet --release --package proofmark-benches -- generate "$inputs/thousands" 2000
mkdir -p "$inputs/one" "$inputs/none"
cp fixtures/projects/storefront/infra/network.tf "$inputs/one/"

count() { # name, arguments of the command …
    local name=$1
    shift
    local report="$inputs/$name.callgrind"
    valgrind --tool=callgrind --callgrind-out-file="$report" "$binary" "$@" >/dev/null 2>"$inputs/log" || true
    printf '%-20s %15s instructions\n' "$name" "$(awk '/^(summary|totals):/ { print $2; exit }' "$report")"
}

count start-up scan "$inputs/none" --allow-empty --no-config --format json
count one-file scan "$inputs/one" --no-config --format json
count repository scan fixtures/projects/storefront --format json
count thousands scan "$inputs/thousands" --no-config --format json --jobs 1
