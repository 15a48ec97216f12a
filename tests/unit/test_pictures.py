"""The pictures of the documentation are those that the script makes, and a reader can read them on any page."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from scripts import make_pictures
from scripts.make_pictures import DARK, LIGHT, drawn
from scripts.pictures import PICTURES, Arrow, Box, Label, Picture
from tests.cases import ROOT

# The mean width of a character, as a share of the font's size. Sans-serif fonts are narrower than this.
_WIDTH = 0.6
# By WCAG 2: the least contrast of a text, and of a line.
_OF_TEXT, _OF_LINES = 4.5, 3.0


def named(pictures: tuple[Picture, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("picture", pictures, ids=lambda picture: picture.name)


def test_the_pictures_are_what_the_script_makes():
    found = {path: path.read_text() for path in make_pictures.TARGET.glob("*.svg")}
    assert found == make_pictures.files()


def test_every_picture_is_on_a_page():
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {
        name for page in pages for name in re.findall(r"^!\[.+\]\((?:docs/)?pictures/(.+)\)$", page.read_text(), re.M)
    }
    assert shown == {path.name for path in make_pictures.files()}


@named(PICTURES)
def test_a_picture_is_an_image_with_a_title_and_a_description(picture):
    root = ElementTree.fromstring(drawn(picture))
    names = {child.tag.rpartition("}")[2]: child.text for child in root if child.get("id")}
    assert root.get("role") == "img"
    assert names == {"title": picture.title, "desc": picture.description}


def too_wide(boxes: tuple[Box, ...]) -> list[str]:
    """Return the lines that do not fit into their boxes with some room beside them."""
    return [
        line
        for box in boxes
        for number, line in enumerate(box.lines)
        if len(line) * _WIDTH * (13 if number else 14) > box.width - 8
    ]


def test_every_text_fits_into_its_box():
    assert [line for picture in PICTURES for line in too_wide(picture.boxes)] == []
    assert too_wide((Box(0, 0, 80, 40, ("fits", "and this does not")),)) == ["and this does not"]


def loose_ends(picture: Picture) -> list[tuple[float, float]]:
    """Return the ends of arrows that are on no side of a box or a frame."""
    ends = [arrow.points[place] for arrow in picture.arrows for place in (0, -1)]
    shapes = [*picture.boxes, *picture.frames]
    return [end for end in ends if not any(_is_on_a_side(end, shape) for shape in shapes)]


def _is_on_a_side(point: tuple[float, float], shape: Box) -> bool:
    across = point[0] - shape.x, point[1] - shape.y
    size = shape.width, shape.height
    inside = all(0 <= distance <= length for distance, length in zip(across, size, strict=True))
    return inside and any(distance in (0, length) for distance, length in zip(across, size, strict=True))


@named(PICTURES)
def test_every_arrow_begins_and_ends_at_a_shape(picture):
    assert loose_ends(picture) == []


def test_an_arrow_that_ends_nowhere_is_found():
    boxes = (Box(0, 0, 10, 10, ("a",)), Box(30, 0, 10, 10, ("b",)))
    arrows = (Arrow(((10, 5), (30, 5))), Arrow(((10, 5), (25, 5))))
    assert loose_ends(Picture("p", 40, 10, "P", "Two boxes", boxes=boxes, arrows=arrows)) == [(25, 5)]


@named(PICTURES)
def test_everything_is_inside_the_picture(picture):
    corners = [(each.x + each.width, each.y + each.height) for each in (*picture.frames, *picture.boxes)]
    corners += [_end_of(label) for label in picture.labels]
    assert all(x < picture.width and y < picture.height for x, y in corners)


def _end_of(label: Label) -> tuple[float, float]:
    """Return where a label ends: on the right, and below."""
    longest = max(map(len, label.lines))
    return label.x + longest * _WIDTH * 13 / 2, label.y + make_pictures.LINE * (len(label.lines) - 1) + 4


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, by WCAG 2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, by WCAG 2: from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
class TestColours:
    def test_text_stands_out_from_what_is_behind_it(self, palette):
        for kind in ("source", "plain", "watcher"):
            assert contrast(palette["text"]["fill"], palette[kind]["fill"]) >= _OF_TEXT
        for behind in ("ground", "frame"):
            assert contrast(palette["quiet"]["fill"], palette[behind]["fill"]) >= _OF_TEXT

    def test_lines_stand_out_from_what_is_behind_them(self, palette):
        for behind in ("ground", "frame"):
            assert contrast(palette["line"]["stroke"], palette[behind]["fill"]) >= _OF_LINES

    def test_both_palettes_colour_the_same(self, palette):
        assert {name: set(colours) for name, colours in palette.items()} == {
            name: set(colours) for name, colours in LIGHT.items()
        }


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
