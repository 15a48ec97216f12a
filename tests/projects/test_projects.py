"""Every project fixture: what it hands to the compile, or what the build says of it."""

from __future__ import annotations

import pytest

from jobsetgen.diagnostics import in_order
from jobsetgen.pipeline import compile_inputs
from jobsetgen.review.reporters import as_text
from tests.projects.archives import Archive, archives, objects_of, read_archive

VALID = archives("valid")
INVALID = archives("invalid")
WARNED = archives("warned")


def said(archive: Archive) -> str:
    """Return everything that a build says of a project."""
    return as_text(in_order(compile_inputs(archive.read()).diagnostics))


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_project_hands_over_its_objects(path):
    archive = read_archive(path)
    inputs = archive.read()
    assert as_text(inputs.diagnostics) == ""
    assert objects_of(inputs) == archive.expected
    assert compile_inputs(inputs).ok, said(archive)


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_an_invalid_project_is_told_what_is_wrong_and_where(path):
    archive = read_archive(path)
    assert not compile_inputs(archive.read()).ok
    assert said(archive) == archive.expected


@pytest.mark.parametrize("path", WARNED, ids=lambda path: path.stem)
def test_a_suspicious_project_is_compiled_with_a_warning(path):
    archive = read_archive(path)
    assert compile_inputs(archive.read()).ok
    assert said(archive) == archive.expected
