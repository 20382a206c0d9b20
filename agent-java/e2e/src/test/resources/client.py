# SPDX-License-Identifier: Apache-2.0
"""client.py tcp|udp ADDRESS PORT [BYTES]: prints "answered", "refused" or "silent".

client.py steady ADDRESS PORT: connects over and over until standard input ends, then prints how many
connections were answered and how many were not.
"""
import select
import socket
import sys
import time

PATIENCE = 0.7


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def tcp(address, port):
    with socket.socket(family(address), socket.SOCK_STREAM) as client:
        client.settimeout(PATIENCE)
        try:
            client.connect((address, port))
            return "answered" if client.recv(2) == b"ok" else "silent"
        except ConnectionRefusedError:
            return "refused"
        except OSError:
            return "silent"


def udp(address, port, size):
    with socket.socket(family(address), socket.SOCK_DGRAM) as client:
        client.settimeout(PATIENCE)
        client.connect((address, port))
        try:
            client.send(b"x" * size)
            return "answered" if client.recv(2) == b"ok" else "silent"
        except OSError:
            return "silent"


def steady(address, port):
    answered = silent = 0
    print("started", flush=True)
    while not select.select([sys.stdin], [], [], 0)[0]:
        if tcp(address, port) == "answered":
            answered += 1
        else:
            silent += 1
        time.sleep(0.001)
    print(answered, silent, flush=True)


kind, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
if kind == "tcp":
    print(tcp(address, port))
elif kind == "udp":
    print(udp(address, port, int(sys.argv[4]) if len(sys.argv) > 4 else 1))
else:
    steady(address, port)
