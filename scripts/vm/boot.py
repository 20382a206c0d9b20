# SPDX-License-Identifier: Apache-2.0
"""Boots a machine with numbered frames on its wire from before it is switched on, and judges what it answered.

boot.py CASE DIRECTORY QEMU...: QEMU is the command that starts the machine, to which this adds the network card, whose
other end is a UDP socket here (a datagram is a frame), and the serial ports. The directory gets what the machine said
(console.log, report.log). Prints a line a stream, and when things happened; exits with 1 if the case's promises are
broken, each told.
"""
import os
import select
import socket
import struct
import subprocess
import sys
import time

CARD = bytes.fromhex("525400123456")
SENDER = bytes.fromhex("020000000001")
HOST = socket.inet_aton("192.0.2.1")
ALLOWED, DENIED = "192.0.2.10", "192.0.2.66"
PROTECTED, OPEN, SSH = 5001, 5002, 22
IPV4, ARP, UDP, TCP = 0x0800, 0x0806, 17, 6
SYN, ACK = 2, 16
RESTORE, DAEMON, NETWORK = "portcullis-restore.service", "portcullis.service", "network-pre.target"
ENTERED = "ActiveEnterTimestampMonotonic"
# Emulation has a tenth of a machine's speed or less, and others may use this machine.
LONGEST = 900.0
BOOT_OPTIONS = (
    "console=ttyS0 panic=-1 quiet mitigations=off systemd.condition-needs-update=0 systemd.journald.forward_to_console=1"
)
# What is under way when the machine has said all arrives.
QUIET = 1.0


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return 0xFFFF ^ (total + (total >> 16))


def ipv4(source, protocol, payload):
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0, source, HOST)
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    return CARD + SENDER + struct.pack("!H", IPV4) + header + payload


class Stream:
    """Numbered frames from one source to one port, and which of them were answered."""

    def __init__(self, what, source, protocol, port, rate):
        self.what, self.protocol, self.port, self.pause = what, protocol, port, 1 / rate
        self.source = socket.inet_aton(source)
        self.local_port = 20_000
        self.due = 0.0
        self.sent = 0
        self.answered = {}

    def frame(self):
        number = self.sent
        self.sent += 1
        if self.protocol == UDP:
            payload = struct.pack("!HHHHQ", self.local_port, self.port, 16, 0, number)
        else:
            # Each from another port, which is the number.
            payload = struct.pack("!HHIIBBHHH", self.local_port + number, self.port, number, 0, 5 << 4, SYN, 1024, 0, 0)
            pseudo = self.source + HOST + struct.pack("!BBH", 0, TCP, len(payload))
            payload = payload[:16] + struct.pack("!H", checksum(pseudo + payload)) + payload[18:]
        return ipv4(self.source, self.protocol, payload)

    def take(self, destination, protocol, payload, now):
        """Whether this was an answer to a frame of this stream."""
        if destination != self.source or protocol != self.protocol:
            return False
        from_port, to_port = struct.unpack("!HH", payload[:4])
        if from_port != self.port:
            return False
        if protocol == UDP:
            number = struct.unpack("!Q", payload[8:16])[0]
        elif payload[13] & (SYN | ACK) == SYN | ACK:
            number = to_port - self.local_port
        else:
            return False
        self.answered.setdefault(number, now)
        return True

    def answered_in(self, first, end):
        """How many of the frames with these numbers were answered."""
        return sum(1 for number in self.answered if first <= number < end)


class Wire:
    """The other end of the machine's card."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.here = self.socket.getsockname()[1]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            self.there = free.getsockname()[1]
        self.streams = {
            "allowed": Stream("allowed source to the protected port", ALLOWED, UDP, PROTECTED, 50),
            "denied": Stream("denied source to the protected port", DENIED, UDP, PROTECTED, 100),
            "open": Stream("the same source to the open port", DENIED, UDP, OPEN, 50),
            "ssh": Stream("the same source to SSH", DENIED, TCP, SSH, 5),
        }

    def device(self):
        return [
            "-netdev",
            f"socket,id=wire,udp=127.0.0.1:{self.here},localaddr=127.0.0.1:{self.there}",
            "-device",
            f"virtio-net-pci,netdev=wire,mac={CARD.hex(':')},romfile=",
        ]

    def send_due(self, now):
        """Until when nothing is to be sent."""
        for stream in self.streams.values():
            if stream.due <= now:
                self.send(stream.frame())
                # What is late is sent without a pause, but never more than a twentieth of a second of it.
                stream.due = max(stream.due + stream.pause, now - 0.05)
        return min(stream.due for stream in self.streams.values())

    def send(self, frame):
        try:
            self.socket.sendto(frame, ("127.0.0.1", self.there))
        except (BlockingIOError, ConnectionRefusedError):
            # There is no machine yet, and none hears it.
            pass

    def receive(self, now):
        while True:
            try:
                frame = self.socket.recv(2048)
            except BlockingIOError:
                return
            except ConnectionRefusedError:
                continue
            kind = struct.unpack("!H", frame[12:14])[0]
            if kind == ARP:
                self.answer_arp(frame[14:42])
            elif kind == IPV4:
                length = (frame[14] & 15) * 4
                payload = frame[14 + length :]
                any(s.take(frame[30:34], frame[23], payload, now) for s in self.streams.values())

    def answer_arp(self, request):
        operation, mac, address, asked = struct.unpack("!6xH6s4s6x4s", request)
        if operation == 1 and asked in {stream.source for stream in self.streams.values()}:
            answer = struct.pack("!HHBBH6s4s6s4s", 1, IPV4, 6, 4, 2, SENDER, asked, mac, address)
            self.send(CARD + SENDER + struct.pack("!H", ARP) + answer)


class Boot:
    def __init__(self, case, directory, command):
        self.case, self.directory = case, directory
        self.wire = Wire()
        self.reports = os.path.join(directory, "report.log")
        self.command = command + self.wire.device()
        self.command += ["-serial", f"file:{directory}/console.log", "-serial", f"file:{self.reports}"]
        self.command += ["-append", f"{BOOT_OPTIONS} boot.case={case}"]
        self.facts, self.marks, self.log = {}, {}, []
        self.done = False
        self.unread = ""
        # From the switching on to the kernel's start.
        self.offset = 0.0

    def run(self):
        open(self.reports, "w").close()
        # Frames are on the wire before there is a machine.
        self.started = time.monotonic() + 1.0
        self.pass_time(self.started)
        with open(os.path.join(self.directory, "qemu.log"), "w") as log:
            machine = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            with open(self.reports) as reports:
                while not self.done and self.elapsed() < LONGEST and machine.poll() is None:
                    self.pass_time(time.monotonic() + 0.1)
                    self.read(reports.read())
            self.pass_time(time.monotonic() + QUIET)
        finally:
            machine.kill()
            machine.wait()

    def elapsed(self):
        return time.monotonic() - self.started

    def pass_time(self, until):
        while True:
            now = time.monotonic()
            if now >= until:
                return
            due = min(self.wire.send_due(now), until)
            if select.select([self.wire.socket], [], [], max(0, due - time.monotonic()))[0]:
                self.wire.receive(self.elapsed())

    def read(self, text):
        *lines, self.unread = (self.unread + text).split("\n")
        for line in lines:
            word, _, rest = line.strip().partition(" ")
            if word == "now":
                self.offset = self.elapsed() - float(rest)
            elif word == "fact":
                unit, _, value = rest.partition(" ")
                name, _, value = value.partition("=")
                self.facts[unit, name] = value
            elif word == "mark":
                self.marks[rest] = {name: stream.sent for name, stream in self.wire.streams.items()}
            elif word == "log":
                self.log.append(rest)
            elif word == "done":
                self.done = True

    def at(self, unit, name):
        """When something happened, in seconds since the switching on; 0 if it did not."""
        microseconds = int(self.facts.get((unit, name), "0") or 0)
        return self.offset + microseconds / 1e6 if microseconds else 0.0


class Verdict:
    """What a boot of a case has to show."""

    def __init__(self, boot):
        self.boot = boot
        self.broken = []

    def require(self, kept, promise):
        if not kept:
            self.broken.append(promise)

    def answered(self, name, since=None, until=None):
        """How many frames of a stream were answered, of all or of those between two marks."""
        stream = self.boot.wire.streams[name]
        first = self.boot.marks.get(since, {}).get(name, 0)
        return stream.answered_in(first, self.boot.marks.get(until, {}).get(name, stream.sent))

    def fact(self, unit, name):
        return self.boot.facts.get((unit, name), "")

    def judge(self):
        boot = self.boot
        self.require(boot.done, f"the machine tells in {LONGEST:.0f} s that it has done what the case is about")
        self.require(("boot", "cycle") not in boot.facts, "systemd finds no ordering cycle")
        begun, card = boot.at(RESTORE, "ExecMainStartTimestampMonotonic"), boot.at("card", ENTERED)
        self.require(0 < card <= begun, "the loader waits for the card, whose driver takes three seconds")
        getattr(self, boot.case)()
        return self.broken

    def before_network(self, unit, name):
        ended, network = self.boot.at(unit, name), self.boot.at(NETWORK, ENTERED)
        self.require(0 < ended <= network, f"{unit}: done before network-pre.target")

    def restored(self):
        state = self.fact(RESTORE, "ActiveState"), self.fact(RESTORE, "SubState")
        self.require(state == ("active", "exited"), f"{RESTORE} is active (exited), not {state}")
        self.before_network("rules", "loaded")

    def judged(self, until=None):
        denied = self.answered("denied", until=until)
        self.require(denied == 0, f"the denied source gets no answer, not {denied}")
        self.require(self.answered("allowed") > 100, "the allowed source gets answers")
        self.require(self.answered("open") > 100, "the open port answers everybody")

    def restarting(self):
        self.require(self.fact(DAEMON, "ActiveState") != "active", "the daemon does not start")
        self.require(int(self.fact(DAEMON, "NRestarts") or 0) >= 1, "the daemon is started again and again")

    def logged(self, event):
        self.require(any(f"event={event} " in line for line in self.boot.log), f"the journal has event={event}")

    def healthy(self):
        """Rules and daemon; then the daemon is killed, hangs, and is restarted."""
        self.judged()
        self.restored()
        self.require(self.fact(DAEMON, "ActiveState") == "active", "the daemon runs")
        self.before_network(DAEMON, ENTERED)
        for mark in "killed", "watchdog", "restarted":
            self.require(mark in self.boot.marks, f"the daemon is back ({mark})")
        for name in "allowed", "open":
            self.require(self.answered(name, since="restarted") > 50, f"{name}: answers go on after the restarts")

    def daemon(self):
        """The daemon does not start: certificates are missing. At the end the rules are taken away."""
        self.judged(until="unguarded")
        self.require(self.answered("denied", since="unguarded") > 100, "without rules the same source gets answers")
        self.restored()
        self.restarting()
        self.logged("restored")

    def config(self):
        """agent.yaml is broken."""
        self.judged()
        self.restored()
        self.restarting()
        self.logged("config_copy_used")
        self.logged("restored")

    def lost(self):
        """Nothing in the state directory is whole."""
        for name in "allowed", "denied", "open":
            self.require(self.answered(name) == 0, f"{name}: nobody gets an answer")
        self.require(self.answered("ssh") > 10, "SSH answers")
        self.before_network("rules", "loaded")
        self.restarting()
        self.logged("closed")


def tell(boot):
    """The figures."""
    print(f"{boot.case}: {getattr(Verdict, boot.case).__doc__}")
    for stream in boot.wire.streams.values():
        first = f", from {min(stream.answered.values()):.1f} s" if stream.answered else ""
        print(f"  {stream.what}: {stream.sent} sent, {len(stream.answered)} answered{first}")
    times = [
        ("card there", "card", ENTERED),
        ("rules loaded", "rules", "loaded"),
        ("daemon ready", DAEMON, ENTERED),
        ("network begins", NETWORK, ENTERED),
    ]
    told = [f"{what} at {boot.at(unit, name):.1f} s" for what, unit, name in times if boot.at(unit, name)]
    print(f"  after power-on: {', '.join(told)}; whole {boot.elapsed():.0f} s", flush=True)


def main():
    case, directory, *command = sys.argv[1:]
    boot = Boot(case, directory, command)
    boot.run()
    tell(boot)
    broken = Verdict(boot).judge()
    for promise in broken:
        print(f"  BROKEN: {promise}")
    sys.exit(1 if broken else 0)


main()
