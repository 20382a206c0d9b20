# SPDX-License-Identifier: Apache-2.0
"""hold.py serve PORT: accepts connections and keeps them; hold.py connect ADDRESS PORT: keeps one open."""
import socket
import sys

if sys.argv[1] == "serve":
    server = socket.create_server(("::", int(sys.argv[2])), family=socket.AF_INET6, dualstack_ipv6=True)
    print("ready", flush=True)
    kept = []
    while True:
        kept.append(server.accept())
else:
    connection = socket.create_connection((sys.argv[2], int(sys.argv[3])), 5)
    print("connected", flush=True)
    sys.stdin.read()
