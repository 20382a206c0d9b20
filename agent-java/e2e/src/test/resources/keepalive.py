# SPDX-License-Identifier: Apache-2.0
"""keepalive.py SOURCE ADDRESS PORT: keeps one HTTP connection open; says "connected" first.

Each line of standard input, a number of seconds, asks for / on it, unless what was asked last is still open, and is
answered with the body of the answer, or "silent" if none comes in that time, or "closed". Ends with standard input.
"""
import socket
import sys

connection = socket.create_connection((sys.argv[2], int(sys.argv[3])), 5, (sys.argv[1], 0))
print("connected", flush=True)
received = b""
asked = False
for line in sys.stdin:
    connection.settimeout(float(line))
    said = "closed"
    try:
        if not asked:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: web\r\n\r\n")
            asked = True
        # The body is the only line behind the blank one.
        while not received.partition(b"\r\n\r\n")[2].endswith(b"\n"):
            some = connection.recv(4096)
            if not some:
                break
            received += some
        else:
            said = received.partition(b"\r\n\r\n")[2].decode().strip()
            received, asked = b"", False
    except TimeoutError:
        said = "silent"
    except OSError:
        pass
    print(said, flush=True)
