"""python3 soak_backend.py PORT: a backend for bench/soak that answers, or fails to, as the path says."""
import asyncio
import socket
import struct
import sys
import zlib
from urllib.parse import parse_qsl, urlsplit

PIECE = 16384


def text(identity, size):
    """The body of an answer: only this request's identity, so that no other's can stand in for it."""
    word = f"{identity:016d}".encode()
    return (word * (size // len(word) + 1))[:size]


def reset(writer):
    """Closes with a reset instead of an orderly end."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Exchange:
    """One request and the means to answer it."""

    def __init__(self, reader, writer, head):
        self.reader, self.writer = reader, writer
        first, *fields = head.decode("latin-1").split("\r\n")
        self.method, target, _ = first.split(" ", 2)
        self.path, query = urlsplit(target).path, urlsplit(target).query
        self.query = {key: int(value) for key, value in parse_qsl(query)}
        self.fields = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields if field)}

    async def body(self):
        """How long it is, and its checksum."""
        length, checksum = 0, 0
        async for piece in self.pieces():
            length += len(piece)
            checksum = zlib.crc32(piece, checksum)
        return length, checksum

    async def pieces(self):
        if self.fields.get("transfer-encoding", "").lower() != "chunked":
            left = int(self.fields.get("content-length", 0))
            while left:
                piece = await self.reader.readexactly(min(left, PIECE))
                left -= len(piece)
                yield piece
            return
        while size := int((await self.reader.readuntil(b"\r\n")).split(b";")[0], 16):
            yield (await self.reader.readexactly(size + 2))[:-2]
        await self.reader.readuntil(b"\r\n")

    async def answer(self, status, body, *fields, chunked=False, stop_after=None, pause=0.0):
        """With `stop_after`, only so much of the body is sent, and then the connection reset."""
        framing = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}"
        self.writer.write("\r\n".join([f"HTTP/1.1 {status} X", framing, *fields, "", ""]).encode())
        whole = len(body) if self.method != "HEAD" else 0
        for start in range(0, min(whole, stop_after or whole), PIECE):
            piece = body[start:start + PIECE]
            self.writer.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            await self.writer.drain()
            await asyncio.sleep(pause)
        if stop_after is not None:
            reset(self.writer)
        elif chunked and self.method != "HEAD":
            self.writer.write(b"0\r\n\r\n")

    async def serve(self):
        """Whether the connection stays."""
        identity, size = self.query.get("id", 0), self.query.get("size", 0)
        body, chunked = text(identity, size), bool(self.query.get("chunked"))
        if self.path == "/reset":
            reset(self.writer)
        elif self.path == "/early":
            await self.answer(413, b"", "Connection: close")
            return False
        else:
            received = await self.body()
            await asyncio.sleep(self.query.get("late", 0) / 1000)
            if self.path == "/echo":
                await self.answer(200, b"%d %d" % received)
            elif self.path == "/cut":
                await self.answer(200, body, chunked=chunked, stop_after=size // 2)
            elif self.path == "/slow":
                await self.answer(200, body, chunked=chunked, pause=0.02)
            elif self.path == "/close":
                await self.answer(200, body, "Connection: close", chunked=chunked)
                return False
            else:
                await self.answer(self.query.get("status", 200), body, chunked=chunked)
        return not self.writer.is_closing()


async def serve(reader, writer):
    try:
        while await Exchange(reader, writer, await reader.readuntil(b"\r\n\r\n")).serve():
            await writer.drain()
    except (OSError, EOFError, ValueError, asyncio.LimitOverrunError):
        pass  # whoever broke it off, the client's side tells
    finally:
        writer.close()


async def main(port):
    server = await asyncio.start_server(serve, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
