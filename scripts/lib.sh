# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the scripts share. Source it; it sets `root` to the top of the source tree.

# shellcheck disable=SC2034 # for those who source this
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*"; }

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

require_root() {
    [ "$(id -u)" = 0 ] || fail "this needs root ($1): run it with sudo"
}

# The feature version of the Java below a directory: 17, 25. Empty if there is none.
java_version() {
    local key value
    [ -x "$1/bin/java" ] || return 0
    if [ -r "$1/release" ]; then
        while IFS='=' read -r key value; do
            if [ "$key" = JAVA_VERSION ]; then
                value=${value#\"}
                printf '%s\n' "${value%%[!0-9]*}"
                return 0
            fi
        done <"$1/release"
    fi
    "$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p'
}

# The homes of the JDKs (with a compiler) of this machine, each with its version, newest first.
jdks() {
    local home version
    for home in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/*; do
        if [ -x "$home/bin/javac" ] && [ ! -L "$home" ]; then
            version=$(java_version "$home")
            [ "${version:-0}" -ge 17 ] && printf '%s %s\n' "$version" "$home"
        fi
    done | sort -rnu -k1,1
}

# The JDK to build with: PORTCULLIS_JDK, or the newest; nothing if there is none of 17 or newer.
jdk_newest() {
    if [ -n "${PORTCULLIS_JDK:-}" ]; then
        printf '%s\n' "$PORTCULLIS_JDK"
    else
        jdks | sed -n '1s/^[0-9]* //p'
    fi
}

# A JDK 17, for what has to work on it.
jdk_17() { jdks | sed -n 's/^17 //p' | head -1; }

# Runs Maven on a JDK, offline if the local repository has everything, and quietly: what it prints
# matters only if it fails. maven JDK_HOME LOG ARGUMENT...
maven() {
    local home=$1 log=$2
    shift 2
    local options=${MAVEN_OPTS:-}
    [ "$(java_version "$home")" -ge 24 ] &&
        options="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED $options"
    mkdir -p "$(dirname "$log")"
    if JAVA_HOME=$home MAVEN_OPTS=$options mvn -o -B -ntp "$@" >"$log" 2>&1; then
        return 0
    fi
    if ! grep -qE 'offline mode|has not been downloaded from it before' "$log"; then
        return 1
    fi
    JAVA_HOME=$home MAVEN_OPTS=$options mvn -B -ntp "$@" >"$log" 2>&1
}

# The errors of a Maven log, without its advice.
maven_errors() {
    grep -E '^\[(ERROR|WARNING)\]|^\s+\S+Test\.|expected|Expecting' "$1" |
        grep -vE '\[Help 1\]|Re-run Maven|full stack trace|For more information|^\[ERROR\] *$' |
        head -"${2:-60}"
}
