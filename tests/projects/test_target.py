"""Every valid project as JobSets, with --target jobset: building these gives the same plain objects."""

from __future__ import annotations

import pytest

from jobsetgen.pipeline import Compilation, compile, compile_inputs, with_jobsets
from jobsetgen.source.text import Source
from tests.projects.archives import archives, read_archive


def built_from(jobsets: Compilation) -> Compilation:
    return compile([Source("jobsets.yaml", jobsets.text().encode())])


@pytest.mark.parametrize("path", archives("valid"), ids=lambda path: path.stem)
def test_its_jobsets_make_the_same_objects_and_the_same_jobsets(path):
    plain = compile_inputs(read_archive(path).read())
    jobsets = with_jobsets(plain)
    again = built_from(jobsets)
    assert again.text() == plain.text()
    assert with_jobsets(again).text() == jobsets.text()
