"""A quick web server for `bench_fetch`, in a process of its own: files of one folder, gzipped, with ETags.

``python -m tests.bench.feed_server FOLDER`` prints its address. Keeps connections open, answers 304.
"""

from __future__ import annotations

import asyncio
import gzip
import sys
from pathlib import Path
from zlib import crc32


def read_answers(folder: Path) -> dict[bytes, tuple[bytes, bytes]]:
    """Return (tag, answer) by path."""
    answers = {}
    for file in sorted(folder.iterdir()):
        body = gzip.compress(file.read_bytes(), 6, mtime=0)
        tag = b'"%08x"' % crc32(body)
        head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nETag: %b\r\nContent-Length: %d\r\n\r\n" % (tag, len(body))
        answers[b"/" + file.name.encode()] = tag, head + body
    return answers


async def serve(folder: Path) -> None:
    """Serve until killed."""
    answers = read_answers(folder)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                tag, whole = answers[head.split(b" ", 2)[1]]
                if tag in head:
                    writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: %b\r\n\r\n" % tag)
                else:
                    writer.write(whole)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
