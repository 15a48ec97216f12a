"""Parse and format the values of flags and of Argo CD plugin parameters.

Parsers return the form of a jobsetgen.yaml, and raise ValueError for invalid values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from jobsetgen.kubernetes.images import image_parts
from jobsetgen.options.values import ImageOverride

# key, key=value, key:effect or key=value:effect
_TOLERATION = r"(?P<key>[^=:]+)(?:=(?P<value>[^:]*))?(?::(?P<effect>.+))?"


def pairs(texts: Sequence[str]) -> dict[str, str]:
    """Parse values of the form key=value as entries of a map."""
    found = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise ValueError(f"'{text}' is not of the form key=value")
        found[key] = value
    return found


def codes(texts: Sequence[str]) -> list[str]:
    """Parse lists of codes, separated by commas."""
    return [code.strip() for text in texts for code in text.split(",") if code.strip()]


def numbers(texts: Sequence[str]) -> dict[str, int | str]:
    """Parse values of the form name=value as entries of a map of integers."""
    return {name: _number(text) for name, text in pairs(texts).items()}


def _number(text: str) -> int | str:
    """Return the integer in a text, or the text itself, which the schema then rejects."""
    return int(text) if re.fullmatch("[+-]?[0-9]{1,99}", text) else text


def tolerations(texts: Sequence[str]) -> list[dict[str, str]]:
    """Parse values of the form key[=value][:effect] as tolerations."""
    return [_toleration(text) for text in texts]


def _toleration(text: str) -> dict[str, str]:
    found = re.fullmatch(_TOLERATION, text)
    if found is None:
        raise ValueError(f"'{text}' is not of the form key[=value][:effect]")
    toleration = {"key": found["key"], "operator": "Exists" if found["value"] is None else "Equal"}
    more = {name: found[name] for name in ("value", "effect") if found[name] is not None}
    return {**toleration, **more}


def images(texts: Sequence[str]) -> list[dict[str, str]]:
    """Parse values in the form of `kustomize edit set image` as entries of `images`."""
    return [_image(text) for text in texts]


def _image(text: str) -> dict[str, str]:
    """Parse `name=new:tag`, `name:tag` or `name@digest` as an entry of `images`."""
    name, equals, new = text.partition("=")
    if equals:
        image, tag, digest = _replacements(new)
        fields = {"name": name, "newName": image, "newTag": tag, "digest": digest}
    else:
        image, tag, digest = _replacements(name)
        fields = {"name": image, "newTag": tag, "digest": digest}

    entry = {field: part for field, part in fields.items() if part}
    # A name and at least one replacement are required.
    if not entry.keys() > {"name"}:
        raise ValueError(f"'{text}' is not of the form name=new:tag, name:tag or name@digest")
    return entry


def _replacements(image: str) -> list[str]:
    """Return name, tag and digest of an image; a * keeps the part, and is returned as empty."""
    return ["" if part == "*" else part for part in image_parts(image)]


def shown_images(overrides: Sequence[ImageOverride]) -> list[str]:
    """Format the overrides that change something in the form that `images` parses."""
    return [
        _shown_image(each) for each in overrides if each.new_name or each.new_tag or each.digest
    ]


def _shown_image(override: ImageOverride) -> str:
    image = override.name
    if override.new_name:
        image = f"{override.name}={override.new_name}"
    if override.digest:
        return f"{image}@{override.digest}"
    if override.new_tag:
        return f"{image}:{override.new_tag}"
    return image


def replicas(texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Parse numbers by <JobSet>/<replicatedJob> as entries of `replicas`."""
    return [_replicas(key, text) for key, text in texts.items()]


def _replicas(key: str, text: str) -> dict[str, Any]:
    jobset, slash, replicated_job = key.partition("/")
    if not slash:
        raise ValueError(f"'{key}' is not of the form <JobSet>/<replicatedJob>")
    if not re.fullmatch("[0-9]{1,9}", text):
        raise ValueError(f"invalid number of Jobs '{text}' for {key}")
    return {"jobSet": jobset, "replicatedJob": replicated_job, "replicas": int(text)}


def shown_replicas(numbers: Mapping[tuple[str, str], int]) -> dict[str, str]:
    """Format numbers of Jobs in the form that `replicas` parses."""
    return {"/".join(key): str(number) for key, number in numbers.items()}
