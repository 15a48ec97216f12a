"""Templates that reach out of their sandbox, or that compute without end."""

from __future__ import annotations

from tests.hostile.place import Place
from tests.hostile.projects.tree import HostileProject, config_map, project, template

_MANY = 3_000
_TOO_LONG = "JSG714: takes more than 1 second of CPU time"
_TOO_DEEP = "JSG714: nested too deeply, or calls itself"
_TOO_FAR = "JSG714: the rendered text is far longer"
_TOO_MUCH = "JSG714: takes too much memory"


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
    "the subclasses of object": ("''.__class__.__mro__[1].__subclasses__()", "'__class__' cannot be used"),
    "the globals of a function": ("range.__globals__", "'__globals__' cannot be used"),
    "the builtins by a global": ("dict.__init__.__globals__", "'__init__' cannot be used"),
    "attributes by a string": ("a | attr('__class__')", "unknown filter 'attr'"),
    "attributes by map": ("[a] | map(attribute='__class__') | list", "'__class__' cannot be used"),
    "attributes by a sum": ("[a] | sum(attribute='__class__')", "'__class__' cannot be used"),
    "attributes by groupby": ("[a] | groupby('__class__')", "'__class__' cannot be used"),
    "a format string": ("'{0.__class__.__init__.__globals__}'.format(a)", "'__init__' cannot be used"),
    "a format string of a mapping": ("'{a.__class__}'.format_map({'a': a})", "'__class__' cannot be used"),
    "a format string by item": ("'{0.__class__}'['format'](a)", "'__class__' cannot be used"),
    "the frame of a generator": ("([1] | map('int')).gi_frame.f_builtins", "'gi_frame' cannot be used"),
    "the context": ("self._TemplateReference__context", "'_TemplateReference__context' cannot be used"),
    "the environment": ("self.__dict__", "'__dict__' cannot be used"),
    "the context of Jinja2": ("cycler.__init__.__globals__.os.popen('id').read()", "'__init__' cannot be used"),
    "the namespace of Jinja2": ("namespace.__init__.__globals__", "'__init__' cannot be used"),
    "a method that writes": ("{'a': 1}.update({'b': 2})", "'update' cannot be used"),
    "an import": ("__import__('os').environ", "undefined value '__import__'"),
    "the code of a function": ("dict.fromkeys.__self__.__base__", "'__self__' cannot be used"),
}
_COMPUTED = {
    "a text of a billion characters": ("'x' * 10**9", _TOO_MUCH),
    "a text of a quintillion characters": ("'x' * 10**18", _TOO_MUCH),
    "a list of a billion items": ("[1] * 10**9", _TOO_MUCH),
    "a range of a billion": ("range(10**9) | list", "JSG714: the range has more than"),
    "a range of 10**30": ("range(10**30) | list | length", "JSG714: the range has more than"),
    "a power of powers": ("9**9**9", "JSG714: out of range"),
    "a number of a million digits": ("10**1000000", "JSG714: out of range"),
    "a width of a billion": ("'%1000000000d' % 1", _TOO_MUCH),
    "a centered text of a billion": ("'x' | center(10**9)", _TOO_MUCH),
    "an indentation of a billion": ("'x\\ny' | indent(10**9)", _TOO_MUCH),
    "a replacement that squares": ("('x' * 10**5) | replace('x', 'x' * 10**5)", _TOO_MUCH),
    "a slice of a billion": ("[1] | slice(10**9) | list | length", _TOO_MUCH),
    "a batch of a billion": ("[1] | batch(10**9, 0) | list | length", _TOO_MUCH),
    "a text that is too long for a value": ("'x' * 10**7", ""),
    "a join of joins": ("range(100000) | join('x' * 10**5)", _TOO_MUCH),
    "JSON of 10**5 levels": ("('[' * 10**5)", ""),
}
_STATEMENTS = {
    "an inclusion of /etc/passwd": ("{% include '/etc/passwd' %}", "JSG714: 'include' cannot be used"),
    "an import of a template": ("{% import '../../outside/secret.yaml' as a %}", "JSG714: 'import' cannot"),
    "an extension": ("{% extends '/proc/self/environ' %}", "JSG714: 'extends' cannot be used"),
    "loops in loops": (_nested_loops(3), _TOO_LONG),
    "a macro that calls itself": (
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}" + _expression("m()"),
        _TOO_DEEP,
    ),
    "a recursive loop": (
        "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "JSG714: a recursive loop cannot be used",
    ),
    "20,000 levels of parentheses": (
        _expression("(" * 20_000 + "a" + ")" * 20_000),
        _TOO_DEEP,
    ),
    "20,000 levels of if": (
        "{% if a %}" * 20_000 + "{% endif %}" * 20_000,
        _TOO_DEEP,
    ),
    "100,000 additions": (_expression("a" + "+a" * 100_000), _TOO_LONG),
    "100,000 expressions": ("# {{ a }}\n" * 100_000, _TOO_LONG),
    "100,000 statements": ("{% set x = 1 %}\n" * 100_000, _TOO_LONG),
    "an expression of a megabyte": (_expression("'" + "x" * 10**6 + "'"), ""),
    "output without end": ("{% for i in range(100000) %}a{{ i }}\n{% endfor %}", _TOO_FAR),
    "output that is deep": (
        "{% for i in range(50000) %}[{% endfor %}",
        "JSG006: more than 100 levels",
    ),
    "keys of a megabyte": ("{{ 'k' * 10**6 }}: 1\n" * 20, "JSG714: yields too many values"),
    "YAML aliases": (
        "a:\n- &a0 [x, x]\n" + "".join(f"- &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)),
        "JSG006: the aliases expand to far more values",
    ),
    "a list that grows while it is read": (
        "{% set x = [1] %}{% for i in x %}{% set _ = x.append(i) %}{% endfor %}",
        "JSG714: 'append' cannot be used",
    ),
    "a dictionary of itself": (
        "{% set x = {} %}{% set _ = x.update(a=x) %}",
        "JSG714: 'update' cannot be used",
    ),
    "blanks of a megabyte": (" " * 10**6 + "{% if %}" + " " * 10**6, "JSG714: expected an expression"),
    "a tag that does not end": ("{{ " + "a|" * 10**5, _TOO_LONG),
    "10**5 tags that do not end": ("{{" * 10**5, _TOO_DEEP),
    "a comment that does not end": ("{#" * 10**5, "JSG714: '{#' is not closed"),
    "blocks of raw text": ("{% raw %}" * 10**5, "JSG714: 'raw' is not closed"),
    "a secret of the environment": (
        _expression("environ.A_TOKEN"),
        "JSG714: undefined value 'environ'",
    ),
}

PROJECTS = (
    *(
        HostileProject(f"template: {name}", f"JSG714: {said}", template(_expression(text)))
        for name, (text, said) in _ESCAPES.items()
    ),
    HostileProject(
        "template: the globals of a macro",
        "JSG714: undefined value '__globals__'",
        template("{% macro m() %}{% endmacro %}\n" + _expression("m.__globals__['os']")),
    ),
    *(
        HostileProject(f"template: {name}", said, template(_expression(text)))
        for name, (text, said) in _COMPUTED.items()
    ),
    *(HostileProject(f"template: {name}", said, template(text)) for name, (text, said) in _STATEMENTS.items()),
    HostileProject("template: 3,000 with a mistake", "JSG714: no more are tried", _many),
    HostileProject("template: 20 slow ones", _TOO_LONG, _slow),
    HostileProject("template: a link out of the tree", "JSG702: outside the root", _outside),
    HostileProject(
        "template: a large value 10**5 times",
        _TOO_FAR,
        template(
            "{% for i in range(100000) %}- {{ a }}\n{% endfor %}",
            f"{{a: [{', '.join(['x'] * 10_000)}]}}",
        ),
    ),
    HostileProject(
        "template: a large text 10**5 times",
        _TOO_FAR,
        template("{% for i in range(50000) %}- {{ a }}\n{% endfor %}", f"{{a: {'x' * 190_000}}}"),
    ),
)
