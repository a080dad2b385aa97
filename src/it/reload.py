#!/usr/bin/env python3
"""1,000 reloads in 60 seconds under wrk: backends, weights, strategy, pools and routes change, every tenth file is wrong.
Not one request may fail, and a WebSocket and an event stream that were opened before must be open afterwards.
Needs: nginx, wrk, java, a built target/velo.jar. Settings: RELOADS, SECONDS_OF_LOAD, PORT, JAVA, VELO_ARGS."""
import base64
import hashlib
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

RELOADS = int(os.environ.get("RELOADS", 1000))
SECONDS = float(os.environ.get("SECONDS_OF_LOAD", 60))
PORT = int(os.environ.get("PORT", 18190))
JAR = Path(__file__).resolve().parents[2] / "target/velo.jar"
NGINX = 5
STREAMS = PORT + NGINX + 1
URL = f"http://127.0.0.1:{PORT}"


def nginx(work, number):
    folder = work / f"n{number}"
    folder.mkdir()
    temp = " ".join(f"{name}_temp_path {folder};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; error_log {folder}/error.log; pid {folder}/pid;\n"
        "events { worker_connections 1024; }\n"
        f"http {{ access_log off; keepalive_requests 100000000; {temp}\n"
        f"server {{ listen 127.0.0.1:{PORT + number}; location / {{ return 200 \"n{number}\\n\"; }} }} }}\n")
    return subprocess.Popen(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "e.log")])


def serve_streams(go_on):
    """Raw sockets: /sse says hello, beats, and, when told to, says still; /ws echoes the bytes of its frames unread."""
    listener = socket.create_server(("127.0.0.1", STREAMS))

    def serve(client):
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        if b"GET /sse" in head:
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: hello\n\n")
            while not go_on.wait(5):
                client.sendall(b": beat\n\n")  # as event streams do; lb.timeouts.body-idle cuts a silent one
            client.sendall(b"data: still\n\n")
            time.sleep(5)
            return
        key = re.search(rb"(?i)sec-websocket-key: (\S+)", head).group(1)
        accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        client.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        while data := client.recv(4096):
            masks = data[2:6]
            text = bytes(byte ^ masks[i % 4] for i, byte in enumerate(data[6:6 + (data[1] & 127)]))
            client.sendall(bytes([0x81, len(text)]) + text)

    def accept():
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


def open_stream(target, more=""):
    client = socket.create_connection(("127.0.0.1", PORT), 10)
    client.settimeout(10)
    client.sendall(f"GET {target} HTTP/1.1\r\nHost: velo.test\r\n{more}\r\n".encode())
    return client


def read_until(client, text, what):
    seen = b""
    while text not in seen:
        data = client.recv(4096)
        if not data:
            raise SystemExit(f"reload: the {what} was closed, after {seen!r}")
        seen += data


def say(session, text):
    mask = b"\1\2\3\4"
    session.sendall(bytes([0x81, 0x80 | len(text)]) + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(text)))
    read_until(session, text, "WebSocket")


def config(turn):
    named = [{"id": f"n{1 + (turn + i) % NGINX}", "url": f"http://127.0.0.1:{PORT + 1 + (turn + i) % NGINX}",
              "weight": 1 + turn % 3} for i in range(3)]
    lb = {"health": {"interval": "1s", "timeout": "900ms", "path": "/"}, "reload": {"watch": False}, "backends": named,
          "strategy": "roundrobin" if turn % 2 else "leastconnection",
          "pools": {"streams": {"backends": [f"http://127.0.0.1:{STREAMS}"], "health": {"enabled": False}}}}
    if turn % 4 == 0:
        lb["pools"][f"more{turn % 8}"] = {"backends": [f"http://127.0.0.1:{PORT + 1}"]}
    if turn % 10 == 9:
        lb["strategy"] = "fastest"
    routes = [{"id": "streams", "uri": "lb://streams", "predicates": ["Path=/ws,/sse"]},
              {"id": "rest", "uri": "lb://default", "predicates": ["Path=/**"]}]
    if turn % 3 == 0:
        routes.insert(0, {"id": f"other{turn}", "uri": "lb://default", "predicates": ["Path=/other"]})
    return json.dumps({"server": {"address": "127.0.0.1", "port": PORT}, "lb": lb,
                       "spring": {"cloud": {"gateway": {"server": {"webflux": {"routes": routes}}}}}}, indent=1)


def reload():
    request = urllib.request.Request(f"{URL}/actuator/refresh", method="POST", data=b"",
                                     headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


def counted():
    """What Velo's own meter says of the reloads, so that a run in which none took place doesn't pass."""
    text = urllib.request.urlopen(f"{URL}/actuator/prometheus", timeout=10).read().decode()
    found = re.findall(r'^lb_config_reloads_total\{[^}]*result="(\w+)"[^}]*\} (\S+)', text, re.M)
    return {result: int(float(count)) for result, count in found}


def await_ready(velo):
    for _ in range(300):
        try:
            return urllib.request.urlopen(f"{URL}/readyz", timeout=1).status
        except OSError:
            if velo.poll() is not None:
                break
            time.sleep(0.1)
    raise SystemExit("reload: Velo isn't ready")


def run(work, running):
    go_on = threading.Event()
    serve_streams(go_on)
    running += [nginx(work, number) for number in range(1, NGINX + 1)]
    file = work / "velo.yaml"
    file.write_text(config(0))
    with open(work / "velo.log", "w") as log:
        velo = subprocess.Popen([os.environ.get("JAVA", "java"), "-jar", str(JAR), "--config", str(file),
                                 *shlex.split(os.environ.get("VELO_ARGS", ""))], stdout=log, stderr=log)
    running.append(velo)
    await_ready(velo)
    events, session = open_stream("/sse"), open_stream(
        "/ws", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {base64.b64encode(b'0123456789abcdef').decode()}\r\n")
    read_until(events, b"hello", "event stream")
    read_until(session, b"101", "WebSocket")
    say(session, b"before")
    wrk = subprocess.Popen(["wrk", "-t1", "-c50", f"-d{10 * SECONDS:.0f}s", "--latency", URL], stdout=subprocess.PIPE,
                           text=True)
    running.append(wrk)
    start = time.monotonic()
    for turn in range(1, RELOADS + 1):
        time.sleep(max(0, start + turn * SECONDS / RELOADS - time.monotonic()))
        file.write_text(config(turn))
        expected = 422 if turn % 10 == 9 else 200
        if (status := reload()) != expected:
            raise SystemExit(f"reload: turn {turn} was answered with {status}, not {expected}")
    took = time.monotonic() - start
    say(session, b"after")
    go_on.set()
    read_until(events, b"still", "event stream")
    wrk.send_signal(signal.SIGINT)  # only now, so that each reload was under load
    told = wrk.communicate()[0]
    print(told)
    print(f"{RELOADS} reloads in {took:.1f} s; the WebSocket and the event stream are open")
    done = counted()
    print("counted by Velo:", done)
    refused = sum(turn % 10 == 9 for turn in range(1, RELOADS + 1))
    expected = {"applied": RELOADS - refused, "refused": refused, "unchanged": 0}
    return re.findall(r"Socket errors.*|Non-2xx.*", told) + (
        [f"too slow: {took:.1f} s"] if took > SECONDS * 1.1 else []) + (
        [f"expected {expected}"] if done != expected else [])


def main():
    running = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory() as folder:
        try:
            faults = run(Path(folder), running)
        except SystemExit:
            print("".join((Path(folder) / "velo.log").read_text().splitlines(True)[-15:]))
            raise
        finally:
            for process in running:
                process.terminate()
            for process in running:
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
    for fault in faults:
        print("FAULT:", fault)
    sys.exit(1 if faults else 0)


main()
