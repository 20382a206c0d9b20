#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the objects that the contract test loads: build.sh OUTPUT_DIRECTORY
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
clang=${CLANG:-clang}
command -v "$clang" >/dev/null || {
    echo "libbpf tests: clang is missing: run scripts/setup, or install Debian's package clang" >&2
    exit 1
}
mkdir -p "$out"
for source in "$here"/*.bpf.c; do
    "$clang" -target bpf -mcpu=v3 -O2 -g -std=gnu11 -Wall -Wextra -Werror \
        -I"/usr/include/$(uname -m)-linux-gnu" \
        -fdebug-prefix-map="$here"=bpf \
        -c "$source" -o "$out/$(basename "$source" .c).o"
done
