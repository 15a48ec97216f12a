"""Recognize the address of something elsewhere that stands where a path belongs."""

from __future__ import annotations

import re

COPY = "Copy it into the repository and use its path there."
"""The hint for an address."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
# A user of SSH, the scheme of kustomize, a host of repositories, or the query for a revision.
_REPOSITORY = re.compile(
    r"[\w.-]+@[\w.-]+[:/]|git::|(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org)[:/]|.*\?ref="
)


def not_fetched(path: str) -> str:
    """Return the message for a path that is an address, or an empty string.

    A file can have such a name, so ask only about one that does not exist.
    """
    if _URL.match(path):
        return f"{path} is a URL; nothing is fetched"
    if _REPOSITORY.match(path):
        return f"{path} is the address of a repository; nothing is fetched"
    return ""
