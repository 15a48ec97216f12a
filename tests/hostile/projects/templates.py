"""Templates that reach out of their sandbox, or that compute without end."""

from __future__ import annotations

from tests.hostile.place import Place
from tests.hostile.projects.tree import HostileProject, config_map, project, template

_MANY = 3_000
_TOO_LONG = "takes more than"
_TOO_MUCH = "takes too much memory"


def _expression(text: str) -> str:
    return config_map(f"'{{{{ {text} }}}}'")


def _nested_loops(levels: int) -> str:
    return "{% for i in range(100000) %}" * levels + "{% set x = 1 %}" + "{% endfor %}" * levels + _expression("a")


def _many(place: Place) -> None:
    names = [f"{number}.yaml.j2" for number in range(_MANY)]
    for number, name in enumerate(names):
        place.write(f"app/{name}", config_map("'{{ b }}'", f"a{number}"))
    place.write("app/jobsetgen.yaml", project("values: {a: 1}\n", names))


def _slow(place: Place) -> None:
    """Write 20 templates that each take a part of a second."""
    names = [f"{number}.yaml.j2" for number in range(20)]
    loop = "{% for i in range(90000) %}{% set x = i * i %}{% endfor %}" * 30
    for number, name in enumerate(names):
        place.write(f"app/{name}", loop + config_map("'{{ a }}'", f"a{number}"))
    place.write("app/jobsetgen.yaml", project("values: {a: 1}\n", names))


def _outside(place: Place) -> None:
    place.link("app/job.yaml.j2", place.outside / "secret.yaml")
    place.write("app/jobsetgen.yaml", project("values: {a: 1}\n", ["job.yaml.j2"]))


_ESCAPES = {
    "the subclasses of object": "''.__class__.__mro__[1].__subclasses__()",
    "the globals of a function": "range.__globals__",
    "the globals of a macro": "m.__globals__['os']",
    "the builtins by a global": "dict.__init__.__globals__",
    "attributes by a string": "a | attr('__class__')",
    "attributes by map": "[a] | map(attribute='__class__') | list",
    "attributes by a sum": "[a] | sum(attribute='__class__')",
    "attributes by groupby": "[a] | groupby('__class__')",
    "a format string": "'{0.__class__.__init__.__globals__}'.format(a)",
    "a format string of a mapping": "'{a.__class__}'.format_map({'a': a})",
    "a format string by item": "'{0.__class__}'['format'](a)",
    "the frame of a generator": "([1] | map('int')).gi_frame.f_builtins",
    "the context": "self._TemplateReference__context",
    "the environment": "self.__dict__",
    "the context of Jinja2": "cycler.__init__.__globals__.os.popen('id').read()",
    "the namespace of Jinja2": "namespace.__init__.__globals__",
    "a method that writes": "{'a': 1}.update({'b': 2})",
    "an import": "__import__('os').environ",
    "the code of a function": "dict.fromkeys.__self__.__base__",
}
_COMPUTED = {
    "a text of a billion characters": ("'x' * 10**9", _TOO_MUCH),
    "a text of a quintillion characters": ("'x' * 10**18", _TOO_MUCH),
    "a list of a billion items": ("[1] * 10**9", _TOO_MUCH),
    "a range of a billion": ("range(10**9) | list", "the range has more than"),
    "a range of 10**30": ("range(10**30) | list | length", "the range has more than"),
    "a power of powers": ("9**9**9", "out of range"),
    "a number of a million digits": ("10**1000000", "out of range"),
    "a width of a billion": ("'%1000000000d' % 1", _TOO_MUCH),
    "a centered text of a billion": ("'x' | center(10**9)", _TOO_MUCH),
    "an indentation of a billion": ("'x\\ny' | indent(10**9)", _TOO_MUCH),
    "a replacement that squares": ("('x' * 10**5) | replace('x', 'x' * 10**5)", _TOO_MUCH),
    "a slice of a billion": ("[1] | slice(10**9) | list | length", "takes"),
    "a batch of a billion": ("[1] | batch(10**9, 0) | list | length", "takes"),
    "a text that is too long for a value": ("'x' * 10**7", ""),
    "a join of joins": ("range(100000) | join('x' * 10**5)", _TOO_MUCH),
    "JSON of 10**5 levels": ("('[' * 10**5)", ""),
}
_STATEMENTS = {
    "an inclusion of /etc/passwd": ("{% include '/etc/passwd' %}", "'include' cannot be used"),
    "an import of a template": ("{% import '../../outside/secret.yaml' as a %}", "'import' cannot"),
    "an extension": ("{% extends '/proc/self/environ' %}", "'extends' cannot be used"),
    "loops in loops": (_nested_loops(3), _TOO_LONG),
    "a macro that calls itself": (
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}" + _expression("m()"),
        "calls itself without end",
    ),
    "a recursive loop": (
        "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "a recursive loop cannot be used",
    ),
    "20,000 levels of parentheses": (
        _expression("(" * 20_000 + "a" + ")" * 20_000),
        "error[JSG714]",
    ),
    "20,000 levels of if": (
        "{% if a %}" * 20_000 + "{% endif %}" * 20_000,
        "error[JSG714]",
    ),
    "100,000 additions": (_expression("a" + "+a" * 100_000), "error[JSG714]"),
    "100,000 expressions": ("# {{ a }}\n" * 100_000, _TOO_LONG),
    "100,000 statements": ("{% set x = 1 %}\n" * 100_000, _TOO_LONG),
    "an expression of a megabyte": (_expression("'" + "x" * 10**6 + "'"), ""),
    "output without end": ("{% for i in range(100000) %}a{{ i }}\n{% endfor %}", "far longer"),
    "output that is deep": (
        "{% for i in range(50000) %}[{% endfor %}",
        "error[",
    ),
    "keys of a megabyte": ("{{ 'k' * 10**6 }}: 1\n" * 20, "error["),
    "YAML aliases in a loop": (
        "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        "{% for i in range(12) %}"
        "a{{ i + 1 }}: &a{{ i + 1 }} [*a{{ i }}, *a{{ i }}]\n{% endfor %}",
        "error[",
    ),
    "a list that grows while it is read": (
        "{% set x = [1] %}{% for i in x %}{% set _ = x.append(i) %}{% endfor %}",
        "error[JSG714]",
    ),
    "a dictionary of itself": (
        "{% set x = {} %}{% set _ = x.update(a=x) %}",
        "error[JSG714]",
    ),
    "blanks of a megabyte": (" " * 10**6 + "{% if %}" + " " * 10**6, "error[JSG714]"),
    "a tag that does not end": ("{{ " + "a|" * 10**5, "error[JSG714]"),
    "10**5 tags that do not end": ("{{" * 10**5, "error[JSG714]"),
    "a comment that does not end": ("{#" * 10**5, "error[JSG714]"),
    "blocks of raw text": ("{% raw %}" * 10**5, "error[JSG714]"),
    "a secret of the environment": (
        _expression("environ.A_TOKEN"),
        "undefined value 'environ'",
    ),
}

PROJECTS = (
    *(
        HostileProject(f"template: {name}", "error[JSG714]", template(_expression(text)))
        for name, text in _ESCAPES.items()
    ),
    *(
        HostileProject(f"template: {name}", said, template(_expression(text)))
        for name, (text, said) in _COMPUTED.items()
    ),
    *(HostileProject(f"template: {name}", said, template(text)) for name, (text, said) in _STATEMENTS.items()),
    HostileProject("template: 3,000 with a mistake", "no more are tried", _many),
    HostileProject("template: 20 slow ones", _TOO_LONG, _slow),
    HostileProject("template: a link out of the tree", "outside", _outside),
    HostileProject(
        "template: a large value 10**5 times",
        "error[",
        template(
            "{% for i in range(100000) %}- {{ a }}\n{% endfor %}",
            f"{{a: [{', '.join(['x'] * 10_000)}]}}",
        ),
    ),
    HostileProject(
        "template: a large text 10**5 times",
        "error[",
        template("{% for i in range(50000) %}- {{ a }}\n{% endfor %}", f"{{a: {'x' * 10**6}}}"),
    ),
)
