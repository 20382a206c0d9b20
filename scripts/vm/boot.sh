# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The machine of scripts/test-vm that boots as a host does: Debian 12 with systemd, udev and systemd-networkd, and
# Portcullis installed as README.md says. boot.py is the other end of its network card.
# Only scripts/test-vm sources it.
# shellcheck disable=SC2154 # what that has set

BOOT_MEMORY=2G
BOOT_PACKAGES=systemd,systemd-sysv,udev,kmod,libbpf1,iproute2,python3-minimal
BOOT_CASES=(healthy daemon config lost)
boot_files=$root/scripts/vm
boot_target=$target/boot

# What is in the machine before anything is installed, made anew when one of its parts has changed.
make_boot_base() {
    local key work log=$boot_target/base.log
    key=$({
        declare -p BOOT_PACKAGES
        declare -f make_boot_base copy_modules
        cat systemd/portcullis.sysusers
        echo "$release"
        cat "$(jdk_newest)/release"
    } | sha256sum | cut -c1-16)
    boot_base=$cache/boot-$key.cpio
    [ ! -e "$boot_base" ] || return 0
    say "test-vm: making a file system of Debian"
    rm -f "$cache"/boot-*.cpio
    work=$cache/boot
    rm -rf "$work"
    debootstrap --variant=minbase --include=$BOOT_PACKAGES bookworm "$work" >"$log" 2>&1 || {
        tail -20 "$log" >&2
        fail "debootstrap failed; its log is $log"
    }
    rm -rf "$work"/var/{cache/apt,lib/apt/lists}/* "$work"/usr/share/{doc,man,locale,info}
    # What an installed host has done once.
    install -D -m 0644 systemd/portcullis.sysusers "$work/etc/sysusers.d/portcullis.conf"
    chroot "$work" systemd-sysusers
    chroot "$work" systemd-machine-id-setup >>"$log" 2>&1
    chroot "$work" systemctl -q enable systemd-networkd
    chroot "$work" systemctl -q mask serial-getty@ttyS0 getty@tty1 getty-static proc-sys-fs-binfmt_misc.automount \
        apt-daily.timer apt-daily-upgrade.timer
    ln -s usr/lib/systemd/systemd "$work/init"
    # The newest, which the tree is built with: its archives of classes are for that.
    jdk_newest | copy_to "$work"
    copy_modules "$work"
    chroot "$work" depmod "$release"
    archive "$work" >"$boot_base.new"
    rm -r "$work"
    mv "$boot_base.new" "$boot_base"
}

# As in README.md, "Install on a host", and what the test has in the machine.
make_installed() {
    local work=$boot_target/installed
    rm -rf "$work"
    mkdir -p "$work"/{usr/lib,usr/bin,etc/systemd/system,etc/portcullis}
    cp -r --preserve=timestamps target/portcullis "$work/usr/lib/portcullis"
    ln -s /usr/lib/portcullis/bin/portcullis "$work/usr/bin/portcullis"
    cp systemd/*.service "$work/etc/systemd/system/"
    install -D -m 0644 systemd/portcullis.tmpfiles "$work/etc/tmpfiles.d/portcullis.conf"
    printf 'interfaces: ["e*"]\n' >"$work/etc/portcullis/agent.yaml"
    cp -r "$boot_files/guest/." "$work"
    systemctl -q --root="$work" enable portcullis answers early-network-user report
    archive "$work" >"$boot_target/installed.cpio"
}

# The state directory of a host that has rules: a daemon runs here, in namespaces of its own, with the paths of the
# installed one, and gets them pushed.
make_state() {
    local log=$boot_target/state.log
    rm -rf "$boot_target/state"
    mkdir -p "$boot_target/state"
    # shellcheck disable=SC2016 # expanded inside
    unshare --mount --net bash -euc '
        ip link set lo up
        mount -t bpf bpf /sys/fs/bpf
        mount -t tmpfs tmpfs /run
        mount -t tmpfs tmpfs /var/lib
        mkdir -p /sys/fs/bpf/portcullis /run/portcullis /var/lib/portcullis
        mount --bind "$1/state" /var/lib/portcullis
        target/portcullis/bin/portcullis agent --config "$1/installed/etc/portcullis/agent.yaml" &
        while [ ! -S /run/portcullis/agent.sock ]; do
            kill -0 $!
            sleep 0.1
        done
        target/portcullis/bin/portcullis apply -f "$1/installed/root/policies.yaml"
        kill $!
        wait $! || true
    ' state "$boot_target" >"$log" 2>&1 || {
        cat "$log" >&2
        fail "no rules could be pushed; the log is $log"
    }
}

# What is another in a case: its configuration, and what became of the state directory.
make_case() {
    local wanted=$1 work=$boot_target/$1/root file
    rm -rf "${boot_target:?}/$wanted"
    mkdir -p "$work/etc/portcullis" "$work/var/lib/portcullis"
    cp -r "$boot_target/state/." "$work/var/lib/portcullis"
    chmod 700 "$work/var/lib/portcullis"
    case $wanted in
        daemon)
            cat >"$work/etc/portcullis/agent.yaml" <<END
interfaces: ["e*"]
listen: 192.0.2.1:7443
tls: {certificate: /etc/portcullis/agent.pem, key: /etc/portcullis/agent-key.pem, clientCa: /etc/portcullis/ca.pem}
END
            ;;
        config) printf 'interfaces: ["e*"\nmetrics: null\n' >"$work/etc/portcullis/agent.yaml" ;;
        lost)
            for file in "$work"/var/lib/portcullis/{revisions,objects}/*; do
                printf 'damaged' | dd of="$file" bs=1 seek=20 conv=notrunc status=none
            done
            ;;
    esac
    archive "$work" >"$boot_target/$wanted/case.cpio"
    cat "$boot_base" "$boot_target/installed.cpio" "$boot_target/$wanted/case.cpio" >"$boot_target/$wanted/initrd"
}

boot() {
    local wanted=$1 result=0
    make_case "$wanted"
    python3 "$boot_files/boot.py" "$wanted" "$boot_target/$wanted" qemu-system-x86_64 -accel tcg -cpu max \
        -m $BOOT_MEMORY -nodefaults -no-reboot -display none -kernel "$cache/kernel/boot/vmlinuz-$release" \
        -initrd "$boot_target/$wanted/initrd" >"$boot_target/$wanted/figures" || result=$?
    cat "$boot_target/$wanted/figures"
    rm "$boot_target/$wanted/initrd"
    return $result
}

# All cases, or those that are named, two at a time.
run_boots() {
    local wanted result=0 cases=("$@")
    [ $# -gt 0 ] || cases=("${BOOT_CASES[@]}")
    require_root "it makes a file system of Debian, and loads BPF programs"
    scripts/build
    mkdir -p "$boot_target"
    make_boot_base
    make_installed
    make_state
    for wanted in "${cases[@]}"; do
        [ "$(jobs -pr | wc -l)" -lt 2 ] || wait -n || result=1
        boot "$wanted" &
    done
    while [ -n "$(jobs -p)" ]; do
        wait -n || result=1
    done
    [ $result = 0 ] || fail "a boot went wrong; what the machines said is in $boot_target"
}
