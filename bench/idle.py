#!/usr/bin/env python3
"""idle.py PORT N: opens N keep-alive connections, one request on each, prints how many are open and holds
them until its input ends."""
import resource
import socket
import sys

REQUEST = b"GET /small HTTP/1.1\r\nHost: localhost\r\n\r\n"


def open_connection(port):
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(REQUEST)
    answer = connection.recv(4096)
    if not answer.startswith(b"HTTP/1.1 200"):
        raise OSError("not a 200")
    return connection


def main():
    port, wanted = int(sys.argv[1]), int(sys.argv[2])
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    held = []
    try:
        while len(held) < wanted:
            held.append(open_connection(port))
    except OSError as problem:
        print(f"after {len(held)} connections: {problem}", file=sys.stderr)
    print(len(held), flush=True)
    sys.stdin.read()


main()
