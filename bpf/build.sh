#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the kernel programs: build.sh OUTPUT_DIRECTORY
# -mcpu=v3 is understood by every kernel since 5.1; debug information becomes the object's BTF.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
clang=${CLANG:-clang}
command -v "$clang" >/dev/null || {
    echo "bpf: clang is missing: run scripts/setup, or install Debian's package clang" >&2
    exit 1
}
mkdir -p "$out"
"$clang" -target bpf -mcpu=v3 -O2 -g -std=gnu11 -Wall -Wextra -Werror \
    -I"/usr/include/$(uname -m)-linux-gnu" -I"$here" \
    -fdebug-prefix-map="$here"=bpf \
    -c "$here/portcullis.bpf.c" -o "$out/portcullis.bpf.o.tmp"
mv "$out/portcullis.bpf.o.tmp" "$out/portcullis.bpf.o"
