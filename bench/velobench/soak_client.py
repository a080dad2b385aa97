"""One client's connection in bench/soak: sends requests, reads answers, leaves."""
import asyncio
import itertools
import random
import socket
import struct

from velobench.soak_backend import text

NOBODY = (502, 503, 504)  # what Velo may answer while backends come and go


class Wrong(Exception):
    """An answer that Velo must not give."""


class Unavailable(Exception):
    """An answer of Velo's own, because no backend gave one."""


class Announced(Exception):
    """Velo has closed the connection, and had said so before."""


class Client:
    """One connection to Velo."""

    identities = itertools.count(1)

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.ending = False  # whether the latest answer is the last one

    @classmethod
    async def connect(cls, port, small_buffer=False):
        connection = socket.socket()
        if small_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", port))
        return cls(*await asyncio.open_connection(sock=connection, limit=65536))

    def send(self, method, path, *fields, body=b"", version="1.1"):
        head = "\r\n".join([f"{method} {path} HTTP/{version}", "Host: soak", *fields, "", ""])
        self.writer.write(head.encode() + body)

    def get(self, path, size, **query):
        """Asks for so many bytes; gives what to expect."""
        identity = next(self.identities)
        values = "&".join(f"{key}={int(value)}" for key, value in {"id": identity, "size": size, **query}.items())
        self.send("GET", f"{path}?{values}")
        return text(identity, size)

    async def head(self):
        try:
            lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        except asyncio.IncompleteReadError as end:
            if self.ending:
                raise Announced from None
            raise end if end.partial else Wrong("the connection ended without an answer") from None
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        self.ending = fields.get("connection", "").lower() == "close"
        return int(lines[0].split(" ")[1]), fields

    async def answer(self, to_head=False):
        """Status and whole body. EOFError if it is cut short, which is what Velo should do to a client."""
        status, fields = await self.head()
        while 100 <= status < 200:
            status, fields = await self.head()
        if to_head or status in (204, 304):
            return status, b""
        if fields.get("transfer-encoding") == "chunked":
            return status, await self.chunked()
        if "content-length" in fields:
            return status, await self.reader.readexactly(int(fields["content-length"]))
        return status, await self.reader.read()

    async def chunked(self):
        body = b""
        while size := int((await self.reader.readuntil(b"\r\n")).split(b";")[0], 16):
            body += (await self.reader.readexactly(size + 2))[:-2]
        await self.reader.readuntil(b"\r\n")
        return body

    async def expect(self, body, to_head=False):
        status, got = await self.answer(to_head)
        if status in NOBODY:
            raise Unavailable(str(status))
        if status != 200:
            raise Wrong(f"status {status}: {got[:200]}")
        if not to_head and got != body:
            raise Wrong(f"{len(got)} bytes beginning {got[:32]} in place of {len(body)} beginning {body[:32]}")

    def reset(self):
        connection = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    def leave(self):
        """Goes without a word, in one of two ways."""
        if random.random() < 0.5:
            self.reset()
        else:
            self.writer.close()
