# SPDX-License-Identifier: Apache-2.0
"""Sends every datagram to the UDP ports 5001 and 5002 back, and takes TCP connections at 22."""
import selectors
import socket

waiting = selectors.DefaultSelector()
for port in 5001, 5002:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind(("", port))
    waiting.register(one, selectors.EVENT_READ)
ssh = socket.create_server(("", 22), backlog=128)
while True:
    for key, _ in waiting.select():
        try:
            data, client = key.fileobj.recvfrom(64)
            key.fileobj.sendto(data, client)
        except OSError:
            # An address may have no route yet.
            pass
