# SPDX-License-Identifier: Apache-2.0
"""Answers "ok" to TCP connections and UDP datagrams on the ports given, IPv4 and IPv6; says "ready" first."""
import socket
import sys
import threading


def tcp(port):
    server = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=128)
    ready.release()
    while True:
        connection, _ = server.accept()
        connection.sendall(b"ok")
        connection.close()


def udp(port):
    server = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    server.bind(("::", port))
    ready.release()
    while True:
        _, client = server.recvfrom(65536)
        server.sendto(b"ok", client)


ready = threading.Semaphore(0)
for port in map(int, sys.argv[1:]):
    for serve in tcp, udp:
        threading.Thread(target=serve, args=(port,), daemon=True).start()
        ready.acquire()
print("ready", flush=True)
sys.stdin.read()
