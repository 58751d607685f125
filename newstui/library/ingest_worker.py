"""A worker process: takes lists of files on standard input, gives back what they hold on standard output.

Frames are a 4-byte length and `marshal` of plain tuples. Before each file its number is written where the parent can
see it, so that a file that kills or stalls the worker is known by name.
"""

from __future__ import annotations

import gc
import marshal
import os
import pickle
import signal
import sys
from collections.abc import Iterator

from newstui.library.ingest import Circumstances, FileResult, ingest_file
from newstui.sources.base import FileHandle


def main(progress: int) -> None:
    """Serve until standard input ends. `progress` is the descriptor of the file that holds the current number."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # what is made here has no cycles; 10 % of the time
    frames = read_frames(0)
    circumstances: Circumstances = pickle.loads(next(frames))  # noqa: S301  # from our own parent
    for frame in frames:
        answer = []
        for number, (path, absolute, check) in enumerate(marshal.loads(frame)):  # noqa: S302
            os.pwrite(progress, number.to_bytes(4, "little"), 0)
            answer.append(flatten(ingest_file(path, FileHandle(absolute, check), circumstances)))
        write_frame(1, marshal.dumps(answer))


def flatten(result: FileResult) -> tuple[object, ...]:
    """Return a result as plain tuples: `marshal` takes no others."""
    path, signature, articles, problems, doubtful = result
    return path, signature, [tuple(one) for one in articles], [tuple(one) for one in problems], doubtful


def read_frames(descriptor: int) -> Iterator[bytes]:
    """Yield frames until the other side closes."""
    while frame := read_frame(descriptor):
        yield frame


def read_frame(descriptor: int) -> bytes:
    """Return one frame; nothing when the other side closed or died."""
    header = _read_exactly(descriptor, 4)
    return _read_exactly(descriptor, int.from_bytes(header, "little")) if header else b""


def write_frame(descriptor: int, data: bytes) -> None:
    """Write one frame. Raises OSError when the other side is gone."""
    view = memoryview(len(data).to_bytes(4, "little") + data)
    while view:
        view = view[os.write(descriptor, view) :]


def _read_exactly(descriptor: int, size: int) -> bytes:
    pieces: list[bytes] = []
    while size:
        piece = os.read(descriptor, size)
        if not piece:
            return b""
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


if __name__ == "__main__":
    main(int(sys.argv[1]))
