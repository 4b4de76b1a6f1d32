"""Files with a document per line."""

import gzip
import io
import os
import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

import callagent

VALID, INVALID = b'{"llmModel": "gpt-5"}', b'{"llmModel": "gpt-6"}'


def test_reports_come_in_order_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "updates.ndjson"
    file.write_bytes(b"\n".join([VALID, b"", INVALID, b" \t\r", b"{", VALID + b"\r"]))
    for source in (file, str(file)):
        assert [(line, bool(report)) for line, report in callagent.check_lines(source)] == [(1, True), (3, False), (5, False), (6, True)]
    assert all(report.violations[0].line == 1 for _, report in callagent.check_lines(file) if not report)


@pytest.mark.parametrize("workers", [1, 3, None])
def test_blocks_and_lines_longer_than_a_block(workers: int | None) -> None:
    long = b'{"llmModel": "gpt-5", "name": "' + b"a" * 700_000 + b'"}'
    lines = [VALID] * 9_999 + [INVALID, b"", long, INVALID] + [VALID] * 20_000 + [long]
    expected = [(number, line != INVALID) for number, line in enumerate(lines, 1) if line]
    found = callagent.check_lines(io.BytesIO(b"\n".join(lines)), workers=workers)
    assert [(line, report.valid) for line, report in found] == expected


def test_any_binary_file_and_options(tmp_path: Path) -> None:
    file = tmp_path / "agents.gz"
    file.write_bytes(gzip.compress(b"{}\n" + INVALID))
    with gzip.open(file) as opened:
        assert all(report for _, report in callagent.check_lines(opened, "agent"))
        assert not opened.closed
    reader = callagent.Reader(accept=["llmModel=gpt-6"])
    assert all(report for _, report in callagent.check_lines(io.BytesIO(INVALID), reader=reader))
    assert list(callagent.check_lines(io.BytesIO())) == []


def test_errors_are_those_of_python(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="missing.ndjson"):
        next(callagent.check_lines(tmp_path / "missing.ndjson"))
    with pytest.raises(IsADirectoryError):
        next(callagent.check_lines(tmp_path))
    with pytest.raises(TypeError, match="expected a file opened in binary mode"):
        next(callagent.check_lines(io.StringIO("{}")))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="unknown kind"):
        next(callagent.check_lines(io.BytesIO(), "x"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="workers"):
        next(callagent.check_lines(io.BytesIO(), workers=0))

    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output error"):
        next(callagent.check_lines(Broken()))


class Endless(io.RawIOBase):
    """Lines without an end."""

    read_bytes = 0

    def read(self, size: int = -1) -> bytes:
        self.read_bytes += size
        return (INVALID + b"\n") * (size // len(INVALID))


def test_no_more_is_read_than_a_few_blocks() -> None:
    source = Endless()
    tracemalloc.start()
    lines = callagent.check_lines(source, workers=2)
    for number in range(300_000):
        line, _ = next(lines)
        assert line == number + 1
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    before = source.read_bytes
    lines.close()  # type: ignore[attr-defined]
    assert source.read_bytes == before and before < 300_000 * len(INVALID) + 8 * 256 * 1024
    assert peak < 32 << 20


@pytest.mark.skipif(os.name == "nt", reason="it has no such signals")
def test_an_interrupt_ends_it() -> None:
    program = """
import callagent

class Endless:
    def read(self, size): return b"{}\\n" * (size // 3)
    def readline(self): return b""

for line, _ in callagent.check_lines(Endless()):
    if line == 1:
        print("started", flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout and child.stderr
        child.stdout.readline()
        child.send_signal(signal.SIGINT)
        assert child.wait(timeout=20) != 0
        assert b"KeyboardInterrupt" in child.stderr.read()
