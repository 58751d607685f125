"""Arguments in, `Call` out; a mistake names the nearest right spelling.

Our own instead of argparse for one reason: a query may begin with a dash (``newstui list -is:read``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from newstui.cli.table import BY_NAME, READER, Option, Verb
from newstui.errors import UsageError
from newstui.records import dataclass, field

TAKES_QUERIES = {"list", "facets", "export"}
"""Commands whose words may begin with a dash."""


@dataclass(slots=True)
class Call:
    """What was asked for."""

    verb: Verb
    words: list[str] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)
    """Option name with dashes → values in order; an empty list for a switch."""

    def has(self, option: str) -> bool:
        return option in self.values

    def all(self, option: str) -> list[str]:
        return self.values.get(option, [])

    def one(self, option: str, default: str = "") -> str:
        values = self.values.get(option)
        return values[-1] if values else default

    def number(self, option: str) -> int | None:
        """Return a whole number, None when the option was not given. Raises UsageError for anything else."""
        if not self.has(option):
            return None
        text = self.one(option)
        if not text.isdecimal() or len(text) > 9:
            raise UsageError(f"{option} takes a whole number, not {text!r}")
        return int(text)


def parse_call(arguments: Sequence[str]) -> Call:
    """Understand a command line. Raises UsageError."""
    if arguments and (verb := BY_NAME.get(arguments[0])):
        call = _read(Call(verb), arguments[1:])
    else:
        call = _read(Call(READER), arguments)
        _suspect_a_misspelt_command(call.words)
    _check(call)
    return call


def _read(call: Call, arguments: Sequence[str]) -> Call:
    options = {option.name: option for option in call.verb.options}
    queue = list(arguments)
    while queue:
        argument = queue.pop(0)
        if argument == "--":
            call.words += queue
            return call
        name, equals, value = argument.partition("=")
        if option := options.get(name):
            _take(call, option, value if equals else None, queue)
        elif argument in ("-h", "--help"):
            return Call(BY_NAME["help"], [call.verb.name] if call.verb.name else [])
        elif argument == "--version" and call.verb is READER:
            return Call(BY_NAME["help"], ["--version"])
        elif argument.startswith("--") or (
            argument.startswith("-") and argument != "-" and call.verb.name not in TAKES_QUERIES
        ):
            raise UsageError(_unknown(f"there is no option {name}", name, options), hint=_usage(call.verb))
        else:
            call.words.append(argument)
    return call


def _take(call: Call, option: Option, value: str | None, queue: list[str]) -> None:
    if not option.value:
        if value is not None:
            raise UsageError(f"{option.name} takes no value", hint=_usage(call.verb))
        call.values[option.name] = []
        return
    if value is None:
        if not queue:
            raise UsageError(f"{option.name} needs a value: {option.value}", hint=_usage(call.verb))
        value = queue.pop(0)
    if option.choices and value not in option.choices:
        sentence = f"{option.name} is one of {', '.join(option.choices)}, not {value!r}"
        raise UsageError(_unknown(sentence, value, option.choices), hint=_usage(call.verb))
    values = call.values.setdefault(option.name, [])
    if not option.repeat:
        values.clear()
    values.append(value)


def _check(call: Call) -> None:
    verb = call.verb
    if len(call.words) < verb.least or (verb.most is not None and len(call.words) > verb.most):
        few = len(call.words) < verb.least
        reason = f"{verb.name} needs {verb.usage}" if few else f"too many words after {verb.name}: {call.words[-1]!r}"
        raise UsageError(reason, hint=_usage(verb))


def _suspect_a_misspelt_command(words: Sequence[str]) -> None:
    if not words or "/" in words[0] or ":" in words[0] or Path(words[0]).exists():
        return
    import difflib  # only a mistake needs it

    if nearest := difflib.get_close_matches(words[0], BY_NAME, n=1, cutoff=0.7):
        raise UsageError(
            f"there is no command or location {words[0]!r}; did you mean {nearest[0]!r}?", hint="newstui help"
        )


def _unknown(sentence: str, word: str, known: Iterable[str]) -> str:
    import difflib

    nearest = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"{sentence}; did you mean {nearest[0]}?" if nearest else sentence


def _usage(verb: Verb) -> str:
    return " ".join(part for part in ("usage: newstui", verb.name, verb.usage) if part)
