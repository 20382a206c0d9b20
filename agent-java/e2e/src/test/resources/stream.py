# SPDX-License-Identifier: Apache-2.0
"""Numbered datagrams at a steady pace, and which of them were answered.

stream.py serve PORT: sends every datagram back, IPv4 and IPv6; says "ready" first.
stream.py send ADDRESS PORT RATE: sends RATE datagrams a second; says "started" first. Each line of standard input
is answered with how many were sent and how many of those were answered until then, after a pause in which nothing is
sent and what is under way arrives. Ends with standard input.
"""
import select
import socket
import struct
import sys
import time

BUFFER = 16 << 20
# From kernel headers; as root it is not bound by net.core.rmem_max.
SO_RCVBUFFORCE = 33
QUIET = 0.3


def datagrams(family):
    one = socket.socket(family, socket.SOCK_DGRAM)
    one.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
    return one


def serve(port):
    server = datagrams(socket.AF_INET6)
    server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    server.bind(("::", port))
    print("ready", flush=True)
    while True:
        data, client = server.recvfrom(64)
        server.sendto(data, client)


def receive(client, answered, until):
    while True:
        ready = select.select([client], [], [], max(0, until - time.monotonic()))[0]
        if not ready:
            return
        try:
            answered.add(struct.unpack("!Q", client.recv(64))[0])
        except ConnectionRefusedError:
            pass


def send(address, port, rate):
    client = datagrams(socket.AF_INET6 if ":" in address else socket.AF_INET)
    client.connect((address, port))
    answered = set()
    sent = 0
    due = time.monotonic()
    print("started", flush=True)
    while True:
        if select.select([sys.stdin], [], [], 0)[0]:
            receive(client, answered, time.monotonic() + QUIET)
            if not sys.stdin.readline():
                return
            print(sent, len(answered), flush=True)
            sent, due = 0, time.monotonic()
            answered.clear()
        try:
            client.send(struct.pack("!Q", sent))
            sent += 1
        except ConnectionRefusedError:
            pass
        # What is late is sent without a pause, but never more than a twentieth of a second of it.
        due = max(due + 1 / rate, time.monotonic() - 0.05)
        receive(client, answered, due)


if sys.argv[1] == "serve":
    serve(int(sys.argv[2]))
else:
    send(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
