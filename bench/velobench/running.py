"""Processes: backends and proxies, from their start to their end."""
import os
import resource
import signal
import socket
import ssl
import subprocess
import time
from collections import deque

from velobench import tokens
from velobench.machine import LOAD_CORE, PROXY_CORE, alive, family
from velobench.trouble import Trouble

BOTH_CORES = {PROXY_CORE, LOAD_CORE}


def raise_file_limit():
    """As many descriptors as there may be; root may have more than its limit says."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    for most in (max(hard, 131072), hard):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
            return
        except (ValueError, OSError):
            continue


def connected(port, tls, timeout=5.0):
    """A connection, by TLS whatever the certificate."""
    client = socket.create_connection(("127.0.0.1", port), timeout=timeout)
    if not tls:
        return client
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(client, server_hostname="localhost")


def status(port, path, tls=False):
    """The status of the answer to a request on a connection of its own; 0 if there is none."""
    try:
        with connected(port, tls) as client:
            token = os.environ.get(tokens.VARIABLE)
            fields = f"Authorization: Bearer {token}\r\n" if token else ""
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{fields}Connection: close\r\n\r\n".encode())
            return int(client.recv(4096).split(b" ", 2)[1])
    except (OSError, IndexError, ValueError):
        return 0


class Process:
    """One program, its output in a file."""

    def __init__(self, command, log, cores):
        self.log = log
        self.started = time.monotonic()
        with open(log, "wb") as out:
            self.popen = subprocess.Popen(
                command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=log.parent,
                start_new_session=True, preexec_fn=lambda: os.sched_setaffinity(0, cores))
        self.pid = self.popen.pid

    def running(self):
        return self.popen.poll() is None and alive(self.pid)

    def await_answer(self, port, path, patience, tls=False):
        """Milliseconds from the start to the first 200."""
        while status(port, path, tls) != 200:
            if not self.running():
                raise Trouble(f"ended at its start: {self.last_words()}")
            if time.monotonic() - self.started > patience:
                raise Trouble(f"no answer after {patience} s: {self.last_words()}")
            time.sleep(0.002)
        return (time.monotonic() - self.started) * 1000

    def last_words(self):
        with open(self.log, errors="replace") as log:
            return " / ".join(deque((line.strip() for line in log if line.strip()), 8))[-700:]

    def signal(self, number):
        for pid in family(self.pid):
            try:
                os.kill(pid, number)
            except OSError:
                pass

    def pause(self):
        self.signal(signal.SIGSTOP)

    def resume(self):
        self.signal(signal.SIGCONT)

    def stop(self, patience=15):
        """Ends it in good order; an AOT cache is written in this time."""
        if self.popen.poll() is not None:
            return
        self.resume()
        self.popen.terminate()
        try:
            self.popen.wait(patience)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            self.popen.wait(10)


class Backends:
    """One nginx process that answers on all the addresses, on the load generator's core."""

    def __init__(self, site, addresses):
        www = site.work / "www"
        www.mkdir(exist_ok=True)
        (www / "64k").write_bytes(b"x" * 65536)
        (www / "post10k").touch()
        config = site.fill(
            "backends.conf",
            LISTEN="\n".join(f"    listen {address} backlog=4096;" for address in addresses))
        command = ["nginx", "-e", str(site.work / "error.log"), "-c", config]
        self.process = Process(command, site.work / "backends.out", {LOAD_CORE})
        self.await_start(int(addresses[0].rpartition(":")[2]), addresses[0].partition(":")[0])

    def await_start(self, port, host):
        for _ in range(200):
            try:
                socket.create_connection((host, port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise Trouble(f"the backends don't start: {self.process.last_words()}")
