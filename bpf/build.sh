#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles BPF programs to objects: build.sh OUTPUT_DIRECTORY [SOURCE.bpf.c]
# Without a source, the kernel programs. -mcpu=v3 is understood by every kernel since 5.1; the debug
# information becomes the object's BTF.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
source=${2:-$here/portcullis.bpf.c}
object=$out/$(basename "$source" .c).o
clang=${CLANG:-clang}
command -v "$clang" >/dev/null || {
    echo "bpf: clang is missing: run scripts/setup, or install Debian's package clang" >&2
    exit 1
}
mkdir -p "$out"
"$clang" -target bpf -mcpu=v3 -O2 -g -std=gnu11 -Wall -Wextra -Werror \
    -I"/usr/include/$(uname -m)-linux-gnu" -I"$here" \
    -fdebug-prefix-map="$here"=bpf \
    -c "$source" -o "$object.tmp"
mv "$object.tmp" "$object"
