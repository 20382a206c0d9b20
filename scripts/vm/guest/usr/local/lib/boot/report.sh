# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Runs in the machine after multi-user.target: does what the boot's case is about, and tells. Lines that it prints:
#   now SECONDS             since the kernel's start
#   fact UNIT NAME=VALUE    what systemd knows
#   log TEXT                what units said that matters
#   mark NAME               from here on the host counts anew
#   done
set -u
wanted=$(sed -n 's/.*boot\.case=\([a-z]*\).*/\1/p' /proc/cmdline)

state_of() { systemctl show --value -p "$2" "$1"; }

# Waits until a property of the daemon's unit has a value: is NAME VALUE
is() {
    while [ "$(state_of portcullis.service "$1")" != "$2" ]; do sleep 0.2; done
}

# Waits until the daemon has started so many times anew, by systemd itself, and works.
restarted() {
    while [ "$(state_of portcullis.service NRestarts)" -lt "$1" ]; do sleep 0.2; done
    is ActiveState active
}

facts() {
    local unit
    echo "now $(cut -d' ' -f1 /proc/uptime)"
    for unit in portcullis-restore.service portcullis.service network-pre.target systemd-networkd.service; do
        systemctl show "$unit" -p ActiveState -p SubState -p Result -p NRestarts -p ActiveEnterTimestampMonotonic \
            -p ExecMainStartTimestampMonotonic -p ExecMainExitTimestampMonotonic -p ActiveExitTimestampMonotonic |
            sed "s/^/fact $unit /"
    done
    systemctl show 'sys-subsystem-net-devices-e*.device' -p ActiveEnterTimestampMonotonic | sed 's/^/fact card /'
    # The first time: a loader that failed runs again whenever the daemon is tried again.
    journalctl -b --no-pager -o short-monotonic -u portcullis-restore |
        sed -n 's/^\[ *\([0-9]*\)\.\([0-9]*\)\].* event=\(restored\|closed\) .*/fact rules loaded=\1\2/p' | head -1
    journalctl -b --no-pager -o cat | grep -i 'ordering cycle' | sed 's/^/fact boot cycle=/'
    journalctl -b --no-pager -o cat -u portcullis-restore -u portcullis | grep 'event=' | head -40 | sed 's/^/log /'
}

case $wanted in
    healthy)
        is ActiveState active
        facts
        kill -9 "$(state_of portcullis.service MainPID)"
        restarted 1 && echo "mark killed"
        kill -STOP "$(state_of portcullis.service MainPID)"
        restarted 2 && echo "mark watchdog"
        systemctl restart portcullis && echo "mark restarted"
        sleep 2
        ;;
    *)
        # It goes on trying.
        while [ "$(state_of portcullis.service NRestarts)" -lt 1 ]; do sleep 0.2; done
        sleep 3
        facts
        ;;
esac
if [ "$wanted" = daemon ]; then
    # Nobody is there to put them back. What was denied until now gets in: the host would have seen it.
    echo "mark unguarded"
    sleep 2
    rm -r /sys/fs/bpf/portcullis/*
    sleep 3
fi
echo "done"
