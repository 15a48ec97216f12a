"""What the watcher writes of its plan and its state."""

from __future__ import annotations

import gzip

from jobsetgen.runtime.watcher import formats


def test_a_plan_that_is_written_again_is_not_compressed_again(monkeypatch):
    compressed = []
    compress = gzip.compress

    def counting(content: bytes, **options: int) -> bytes:
        compressed.append(content)
        return compress(content, **options)

    monkeypatch.setattr(formats.gzip, "compress", counting)
    text = "a plan that no other test has"
    blobs = {formats.packed(text) for _ in range(3)}
    assert [formats.unpacked(blob) for blob in blobs] == [text]
    assert compressed == [text.encode()]
