"""The clients of bench/soak: each tells one story on a connection of its own and says how it ended."""
import asyncio
import random
import zlib
from collections import Counter

from velobench.soak_backend import text
from velobench.soak_client import NOBODY, Announced, Client, Unavailable, Wrong

PATIENCE = 40  # seconds; longer than any of Velo's timeouts


def some_size():
    return random.choice((0, 1, 100, 4000, 65536, 300_000))


async def plain(client):
    for _ in range(20):
        path = random.choice(("/", "/", "/", "/close"))
        await client.expect(client.get(path, some_size(), chunked=random.random() < 0.5))


async def heads(client):
    for method in ("HEAD", "GET", "HEAD", "HEAD"):
        client.send(method, "/?id=7&size=1000")
        await client.expect(text(7, 1000), to_head=method == "HEAD")


async def old(client):
    client.send("GET", "/?id=7&size=1000", version="1.0")
    await client.expect(text(7, 1000))
    if await client.reader.read():
        raise Wrong("more than one answer for HTTP/1.0")


async def last_one_closes(client):
    client.send(random.choice(("HEAD", "GET")), "/?id=7&size=0")
    await client.expect(b"")
    client.send("GET", "/?id=8&size=1000", "Connection: close")
    await client.expect(text(8, 1000))


async def pipelined(client):
    for body in [client.get("/", some_size(), late=random.choice((0, 0, 20))) for _ in range(random.randint(2, 8))]:
        await client.expect(body)


async def posts(client):
    for _ in range(5):
        body = random.randbytes(random.choice((0, 1, 10_000, 200_000)))
        expected = b"%d %d" % (len(body), zlib.crc32(body))
        if random.random() < 0.5:
            client.send("POST", "/echo", f"Content-Length: {len(body)}", body=body)
        else:
            pieces = [body[start:start + 9000] for start in range(0, len(body), 9000)]
            framed = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
            client.send("POST", "/echo", "Transfer-Encoding: chunked", body=framed)
        await client.writer.drain()
        await client.expect(expected)


async def expects_continue(client):
    client.send("POST", "/echo", "Content-Length: 5", "Expect: 100-continue")
    await asyncio.sleep(0.02)
    client.writer.write(b"hello")
    await client.expect(b"5 %d" % zlib.crc32(b"hello"))


async def early_answer(client):
    client.send("POST", "/early", "Content-Length: 200000", body=b"x" * 100_000)
    status, _ = await client.answer()
    if status not in (413, *NOBODY):
        raise Wrong(f"status {status} in place of an early 413")


async def slow_reader(client):
    expected = client.get("/", 2_000_000, chunked=random.random() < 0.5)
    await asyncio.sleep(random.uniform(0.1, 2))
    await client.expect(expected)


async def slow_backend(client):
    await client.expect(client.get("/slow", 200_000, chunked=random.random() < 0.5))


async def abort_of_answer(client):
    client.get(random.choice(("/", "/slow")), 2_000_000, chunked=random.random() < 0.5)
    await client.reader.read(random.choice((1, 1000, 100_000)))
    client.leave()


async def abort_before_head(client):
    client.get("/", 100, late=200)
    await asyncio.sleep(random.uniform(0, 0.15))
    client.leave()


async def abort_of_post(client):
    client.send("POST", "/echo", "Content-Length: 1000000", body=b"x" * random.choice((0, 1, 100_000)))
    await asyncio.sleep(random.uniform(0, 0.05))
    client.leave()


async def abort_of_pipeline(client):
    for _ in range(4):
        client.get("/", 65536, late=random.choice((0, 50)))
    await asyncio.sleep(random.uniform(0, 0.1))
    client.leave()


async def half_a_head(client):
    client.writer.write(b"GET / HTTP/1.1\r\nHost: so")
    await asyncio.sleep(random.uniform(0, 0.1))
    client.leave()


async def reset_by_backend(client):
    client.get("/reset", 100)
    status, _ = await client.answer()
    if status not in NOBODY:
        raise Wrong(f"status {status} though the backend answered nothing")


async def cut_by_backend(client):
    """An answer that the backend cuts short must not look whole."""
    client.get("/cut", 300_000, chunked=random.random() < 0.5)
    try:
        status, body = await client.answer()
    except (EOFError, ConnectionError):
        return
    if status not in NOBODY:
        raise Wrong(f"status {status}, and {len(body)} bytes that look whole")


async def server_error(client):
    client.get("/", 100, status=500)
    status, _ = await client.answer()
    if status not in (500, *NOBODY):
        raise Wrong(f"status {status} in place of 500")


STORIES = [
    plain, plain, plain, heads, old, last_one_closes, pipelined, pipelined, posts, posts, expects_continue,
    early_answer, slow_reader, slow_backend, abort_of_answer, abort_of_answer, abort_before_head, abort_of_post,
    abort_of_pipeline, half_a_head, reset_by_backend, cut_by_backend, server_error,
]


async def tell(port, story, endings):
    """Tells a story and counts how it ended: well, closed or unavailable (Velo said so), cut (a backend was killed), wrong."""
    try:
        client = await Client.connect(port, small_buffer=story is slow_reader)
    except OSError as problem:
        endings[story.__name__, "wrong", f"no connection: {problem}"] += 1
        return
    try:
        await asyncio.wait_for(story(client), PATIENCE)
        ending = ("well", "")
    except Announced:
        ending = ("closed", "")
    except Unavailable as status:
        ending = ("unavailable", str(status))
    except Wrong as problem:
        ending = ("wrong", str(problem))
    except asyncio.TimeoutError:
        ending = ("wrong", f"no end after {PATIENCE} s")
    except (EOFError, ConnectionError):
        ending = ("cut", "")
    except Exception as problem:  # nothing that a story meets may end the others
        ending = ("wrong", f"{type(problem).__name__}: {problem}")
    finally:
        client.writer.close()
    endings[(story.__name__, *ending)] += 1


async def clients(port, count, seconds, stories):
    """So many clients at once for so long, with these stories; gives their endings."""
    endings = Counter()
    end = asyncio.get_running_loop().time() + seconds

    async def one_after_another():
        while asyncio.get_running_loop().time() < end:
            await tell(port, random.choice(stories), endings)

    await asyncio.gather(*(one_after_another() for _ in range(count)))
    return endings
