# SPDX-License-Identifier: Apache-2.0
"""Many TCP connections, one crowd after the other.

crowd.py serve PORT: gives each byte back, IPv4 and IPv6; says "ready" first.
crowd.py go: says "started" first. For a line "visit ADDRESS PORT COUNT" of standard input it opens so many connections
at the same time, asks on each, closes them all, and says how many were answered; for "knock ADDRESS PORT COUNT" it
sends so many datagrams that nobody is to answer, and says how many. Ends with standard input.
"""
import asyncio
import socket
import sys

PATIENCE = 10


async def answer(reader, writer):
    try:
        while asked := await reader.read(1):
            writer.write(asked)
    except ConnectionError:
        pass
    finally:
        writer.close()


async def serve(port):
    listener = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=1024)
    server = await asyncio.start_server(answer, sock=listener)
    print("ready", flush=True)
    await server.serve_forever()


def is_answered(connection):
    try:
        connection.sendall(b"x")
        return connection.recv(1) == b"x"
    except OSError:
        return False


def visit(address, port, count):
    crowd = []
    try:
        for _ in range(count):
            crowd.append(socket.create_connection((address, port), timeout=PATIENCE))
    except OSError as refused:
        print(f"{address} {port}: {refused}", file=sys.stderr)
    answered = sum(map(is_answered, crowd))
    for connection in crowd:
        connection.close()
    return answered


def knock(address, port, count):
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as sender:
        return sum(sender.sendto(b"x", (address, port)) for _ in range(count))


if sys.argv[1] == "serve":
    asyncio.run(serve(int(sys.argv[2])))
else:
    print("started", flush=True)
    for line in sys.stdin:
        what, address, port, count = line.split()
        print((visit if what == "visit" else knock)(address, int(port), int(count)), flush=True)
