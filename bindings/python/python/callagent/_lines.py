"""Checking files with a document per line on all cores."""

from __future__ import annotations

from callagent._callagent import Reader, Report

# Type checkers take this name as true. The module `typing` takes longer to import than this package.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike
    from typing import Literal, Protocol

    class _BinaryFile(Protocol):
        def read(self, size: int, /) -> bytes: ...
        def readline(self) -> bytes: ...
        def close(self) -> None: ...


# The number of bytes read at once. The lines in them are one job.
_BLOCK = 256 * 1024


def check_lines(
    source: str | PathLike[str] | _BinaryFile,
    kind: Literal["update", "agent"] = "update",
    *,
    reader: Reader | None = None,
    workers: int | None = None,
) -> Iterator[tuple[int, Report]]:
    """Checks a file with a document per line (NDJSON), on all cores.

    The memory does not depend on the length of the file: at most two blocks of 256 KiB per worker are read ahead, or two
    lines if they are longer.

    Args:
        source: The path of a file, or a file object opened in binary mode, such as that of `gzip.open`.
        kind: "update" for requests, "agent" for responses.
        reader: The options for reading; strict by default.
        workers: The number of threads; by default one per core.

    Yields:
        The number of each line, from 1, with the report on its document, in the order of the file. Blank lines are
        skipped. The places in a report are relative to its line.

    Raises:
        OSError: The file cannot be opened or read.
        TypeError: The source is a file object in text mode.
        ValueError: The kind is unknown, or `workers` is less than 1.
    """
    import os
    from collections import deque
    from concurrent.futures import Future, ThreadPoolExecutor

    check_block = (reader or Reader())._check_block
    check_block(b"", kind)  # An unknown kind is an error for an empty file too.
    workers = workers if workers is not None else os.cpu_count() or 1
    jobs: deque[Future[tuple[list[tuple[int, Report]], int]]] = deque()
    first = 1
    executor = ThreadPoolExecutor(workers)
    file: _BinaryFile = open(source, "rb") if isinstance(source, (str, os.PathLike)) else source
    try:
        blocks = _blocks(file)
        while True:
            block = next(blocks, None)
            if block is not None:
                jobs.append(executor.submit(check_block, block, kind))
            elif not jobs:
                break
            if block is None or len(jobs) > 2 * workers:
                reports, count = jobs.popleft().result()
                for number, report in reports:
                    yield first + number, report
                first += count
    finally:
        executor.shutdown(cancel_futures=True)
        if file is not source:
            file.close()


def _blocks(file: _BinaryFile) -> Iterator[bytes]:
    """Reads a file in blocks of whole lines."""
    while block := file.read(_BLOCK):
        if not isinstance(block, bytes):
            raise TypeError("expected a file opened in binary mode, found one in text mode")
        yield block if block.endswith(b"\n") else block + file.readline()
