# SPDX-License-Identifier: Apache-2.0
"""The two ends of a connection that begins with a PROXY header, in whatever segments it comes.

endpoint.py serve PORT: reads the header and the request behind it, and answers with the IPv4 address that the header
names; says "ready" first.
endpoint.py send [OPTION...] ADDRESS PORT HEX...: sends each HEX in a segment of its own, and says the body of the
answer; "silent" if there is none.
"""
import argparse
import socket
import struct
import sys
import threading
import time

FIXED = 16
SOURCE = slice(16, 20)


def answer(connection):
    try:
        with connection, connection.makefile("rb") as stream:
            header = stream.read(FIXED)
            header += stream.read(struct.unpack("!H", header[14:])[0])
            while stream.readline().strip():
                pass
            body = socket.inet_ntoa(header[SOURCE]).encode() + b"\n"
            connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
    except (OSError, struct.error):
        pass


def serve(port):
    listener = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)
    print("ready", flush=True)
    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def body_of(answer):
    return answer.partition(b"\r\n\r\n")[2]


def send(options):
    family = socket.AF_INET6 if ":" in options.address else socket.AF_INET
    segments = list(map(bytes.fromhex, options.segments))
    peer = (options.address, options.port)
    received = b""
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        connection.bind(("", options.local_port))
        try:
            if options.fast_open:
                # Without a time-out, which would only begin to connect where there is no cookie yet.
                connection.sendto(segments.pop(0), socket.MSG_FASTOPEN, peer)
            connection.settimeout(options.patience)
            if not options.fast_open:
                connection.connect(peer)
            for segment in segments:
                time.sleep(options.pause)
                connection.sendall(segment)
            # With a reset the client is the first to end the connection, else the server.
            while not (options.reset and body_of(received)):
                some = connection.recv(65536)
                if not some:
                    break
                received += some
        except OSError:
            pass
        # Nothing that was not answered is sent again once this has ended.
        if options.reset or not received:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    print(body_of(received).decode().strip() or "silent")


if sys.argv[1] == "serve":
    serve(int(sys.argv[2]))
else:
    parser = argparse.ArgumentParser()
    parser.add_argument("--patience", type=float, default=0.8, help="seconds until an answer")
    parser.add_argument("--pause", type=float, default=0.03, help="seconds before each segment")
    parser.add_argument("--local-port", type=int, default=0)
    parser.add_argument("--fast-open", action="store_true", help="the first segment is sent in the SYN")
    parser.add_argument("--reset", action="store_true", help="end the connection with RST")
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("segments", nargs="+", metavar="HEX")
    send(parser.parse_args(sys.argv[2:]))
