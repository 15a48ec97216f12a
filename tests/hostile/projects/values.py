"""Values and schemas that mean far more than they say, or that name what lies elsewhere."""

from __future__ import annotations

import json

from tests.hostile.place import Place
from tests.hostile.projects.tree import HostileProject, config_map, project, template, values, writes

_LEVELS = "".join(f", a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12))
_BOMB = f"{{a0: &a0 [x, x, x, x, x, x, x, x, x, x]{_LEVELS}, a: 1}}"
_DEEP = "[" * 20_000 + "]" * 20_000
_TREE = f"{{a0: &a0 [x]{''.join(f', a{n}: &a{n} [*a{n - 1}, *a{n - 1}]' for n in range(1, 15))}"
_REFERENCE = "JSG719: refers to another file"
_TOO_LONG = "JSG719: takes more than 1 second of CPU time"
_ITSELF = "JSG719: refers to itself"
_DEEP_LEVELS = "JSG006: more than 100 levels"
_ALIASES = "JSG006: the aliases expand to far more values"
_SIZE = "JSG006: of one compile have more than"


def _enum(count: int) -> object:
    return {"properties": {"a": {"enum": [f"v{number}" for number in range(count)]}}}


def _chain(count: int) -> object:
    """Return a schema of references, each to the next."""
    links = {f"d{n}": {"$ref": f"#/$defs/d{n + 1}"} for n in range(count)}
    return {"$ref": "#/$defs/d0", "$defs": {**links, f"d{count}": {"type": "string"}}}


def _doubling(count: int) -> object:
    """Return a schema in which each definition is used twice by the next."""
    links = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(count)}
    properties = {"a": {"$ref": "#/$defs/d0"}}
    return {"properties": properties, "$defs": {**links, f"d{count}": {"type": "string"}}}


def _nested(levels: int) -> str:
    return '{"properties":{"a":' * levels + "{}" + "}}" * levels


def _many_files(place: Place) -> None:
    """Let 40 projects lay large values over each other."""
    keys = ", ".join(f"k{number}: v" for number in range(5_000))
    for level in range(40):
        base = [f"../b{level + 1}"] if level < 39 else ["a.yaml"]
        place.write(f"app/b{level}/jobsetgen.yaml", project(f"values: {{{keys}}}\n", base))
    place.write("app/b39/a.yaml", config_map("b"))
    place.write("app/jobsetgen.yaml", project("values: {a: 1}\n", ["b0", "job.yaml.j2"]))
    place.write("app/job.yaml.j2", config_map("'{{ a }}'", "b"))


def _bombs_of_bases(place: Place) -> None:
    """Let each of 30 bases bring as many values as one file may."""
    for level in range(30):
        base = [f"../b{level + 1}"] if level < 29 else ["a.yaml"]
        place.write(f"app/b{level}/jobsetgen.yaml", project(f"values: {{v{level}: {_TREE}}}}}\n", base))
    place.write("app/b29/a.yaml", config_map("b"))
    place.write("app/jobsetgen.yaml", project("values: {a: 1}\n", ["b0", "job.yaml.j2"]))
    place.write("app/job.yaml.j2", config_map("'{{ a }}'", "b"))


def _slow_schemas(place: Place) -> None:
    """Give each of 20 bases a schema that takes all the time it gets."""
    schema = json.dumps({"properties": {"a": {"pattern": "^(x+x+)+y$"}}})
    for number in range(20):
        options = "valuesSchema: schema.json\nvalues: {a: %s}\n" % ("x" * 40)
        place.write(f"app/b{number}/jobsetgen.yaml", project(options, ["a.yaml"]))
        place.write(f"app/b{number}/schema.json", schema)
        place.write(f"app/b{number}/a.yaml", config_map("b", f"a{number}"))
    bases = [f"b{number}" for number in range(20)]
    place.write("app/jobsetgen.yaml", project("", bases))


def _schema_link(place: Place) -> None:
    values("{a: 1}", {})(place)
    place.link("app/schema.json", place.outside / "secret.yaml")


_RECURSIVE = {
    "$ref": "#/$defs/a",
    "$defs": {"a": {"allOf": [{"$ref": "#/$defs/b"}]}, "b": {"anyOf": [{"$ref": "#/$defs/a"}]}},
}
_SCHEMAS = {
    "that refers to itself": ({"$ref": "#"}, "{a: 1}", _ITSELF),
    "that refers to itself by turns": (_RECURSIVE, "{a: 1}", _ITSELF),
    "that refers to itself by an anchor": (
        {"$dynamicAnchor": "n", "$dynamicRef": "#n"}, "{a: 1}", _ITSELF,
    ),
    "of another host": ({"$ref": "https://example.com/a.json"}, "{a: 1}", _REFERENCE),
    "of another host by its $id": (
        {"$id": "https://example.com/a.json", "properties": {"a": {"$ref": "b.json"}}},
        "{a: 1}", _REFERENCE,
    ),
    "of the metadata server": ({"$ref": "http://169.254.169.254/a"}, "{a: 1}", _REFERENCE),
    "of a file elsewhere": ({"$ref": "file:///etc/passwd"}, "{a: 1}", _REFERENCE),
    "of a file of the tree above": ({"$ref": "../../outside/secret.yaml"}, "{a: 1}", _REFERENCE),
    "of another draft on a host": (
        {"$schema": "http://example.com/draft"}, "{a: 1}", "JSG719: must be for Draft 2020-12",
    ),
    "with a pattern that backtracks": (
        {"properties": {"a": {"pattern": "^(x+x+)+y$"}}}, "{a: %s}" % ("x" * 60), _TOO_LONG,
    ),
    "with a pattern of keys that backtracks": (
        {"patternProperties": {"^(x+x+)+y$": {}}, "additionalProperties": False},
        "{%s: 1}" % ("x" * 60), _TOO_LONG,
    ),
    "with 20,000 nested groups": (
        {"properties": {"a": {"pattern": "(" * 20_000 + ")" * 20_000}}}, "{a: x}", _ITSELF,
    ),
    "with a repetition of billions": (
        {"properties": {"a": {"pattern": "((x{1,65535}){1,65535}){1,65535}y"}}},
        "{a: xxxxxxxxxxxxxxx}", "JSG718: must match the pattern",
    ),
    "with 15,000 choices": (_enum(15_000), "{a: 1}", "JSG718: but must be"),
    "of 1,000 references": (_chain(1_000), "{a: 1}", _ITSELF),
    "that doubles 40 times": (_doubling(40), "{a: x}", _TOO_LONG),
    "with unique items": (
        {"properties": {"a": {"uniqueItems": True}}},
        f"{{a: [{', '.join(f'{{x: {n}}}' for n in range(4_000))}, {{x: 0}}]}}", _TOO_LONG,
    ),
    "with 10,000 required keys": (
        {"required": [f"k{number}" for number in range(10_000)]}, "{a: 1}", "JSG718: missing value 'k0'",
    ),
    "with a huge multiple": (
        {"properties": {"a": {"multipleOf": 1e-308}}}, "{a: 1e308}", "JSG718: must be a multiple",
    ),
    "of oneOf in oneOf": (
        {"properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"oneOf": [
            {"items": {"$ref": "#/$defs/a"}, "type": "array"}] * 4}}},
        "{a: %s}" % ("[" * 50 + "]" * 50), _TOO_LONG,
    ),
}  # fmt: skip

PROJECTS = (
    *(HostileProject(f"schema: {name}", said, values(text, schema)) for name, (schema, text, said) in _SCHEMAS.items()),
    HostileProject("schema: of 10,000 levels", _DEEP_LEVELS, values("{a: 1}", _nested(5_000))),
    HostileProject("schema: an alias bomb", _ALIASES, values("{a: 1}", _BOMB)),
    HostileProject(
        "schema: of a text without an end", "JSG002: unexpected end of stream", values("{a: 1}", '"' + "x" * 100_000)
    ),
    HostileProject("schema: a link out of the tree", "JSG702: outside the root", _schema_link),
    HostileProject("schema: 20 slow ones", _TOO_LONG, _slow_schemas),
    HostileProject("values: an alias bomb", _ALIASES, values(_BOMB)),
    HostileProject("values: 20,000 levels", _DEEP_LEVELS, values(f"{{a: {_DEEP}}}")),
    HostileProject("values: 40 projects of 5,000 values", _SIZE, _many_files),
    HostileProject("values: bombs of 30 bases", _ALIASES, _bombs_of_bases),
    HostileProject(
        "values: an object of Python",
        "JSG004: unknown tag !!python/object",
        values('{a: !!python/object/apply:os.system ["touch hacked"]}'),
    ),
    HostileProject(
        "values: a mapping that gives fields",
        "",
        template(config_map("{{ a }}"), '{a: "x: 1\\nkind: Secret"}'),
    ),
    HostileProject(
        "values: a comment that hides fields",
        "JSG716: contains ' #'",
        template(config_map("b {{ a }}"), '{a: "x # y"}'),
    ),
    HostileProject(
        "values: a document that is added",
        "JSG716: contains a line break",
        template(config_map("b {{ a }}"), '{a: "x\\n---\\nkind: Secret"}'),
    ),
    HostileProject(
        "values: a quote that ends the scalar",
        "",
        template(config_map("'b {{ a }}'"), "{a: \"', kind: 'Secret\"}"),
    ),
    HostileProject(
        "values: an alias of the template",
        "JSG005: no anchor",
        template(f"x: &x [a]\n{config_map('*{{ a }}')}", "{a: x}"),
    ),
    HostileProject(
        "values: an anchor in itself",
        "JSG005: the anchor 'a' contains itself",
        writes({"jobsetgen.yaml": project("values: &a {a: *a}\n"), "job.yaml.j2": "{{ a }}"}),
    ),
    HostileProject(
        "values: 8,000 keys that are similar",
        "JSG714: undefined value 'nam'",
        template("{{ nam }}", f"{{{', '.join(f'name{n}: 1' for n in range(8_000))}}}"),
    ),
    HostileProject(
        "values: 9 MB",
        _SIZE,
        template(config_map("{{ b }}"), f"{{a: {'x' * 9_000_000}}}"),
    ),
    HostileProject(
        "values: numbers of 100,000 digits",
        "",
        template(config_map("'{{ a }}'"), f"{{a: {'9' * 100_000}}}"),
    ),
    HostileProject(
        "values: control characters",
        "JSG716: contains a control character",
        template(config_map("b {{ a }}"), '{a: "\\e]0;a\\a\\e[2J: x"}'),
    ),
)
