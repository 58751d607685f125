"""``newstui completion``: scripts for bash, zsh and fish that ask newstui itself for what fits."""

from __future__ import annotations

from newstui.cli.output import write
from newstui.cli.parse import Call
from newstui.cli.table import BY_NAME, FORMATS, READER, VERBS, Verb
from newstui.errors import UsageError

_BASH = """\
_newstui() {
    local IFS=$'\\n'
    COMPREPLY=($(newstui complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
    [[ ${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
    [[ ${COMPREPLY[0]} == *: ]] && compopt -o nospace
    if [[ ${COMP_WORDS[COMP_CWORD]} == *:* || ${COMP_WORDS[COMP_CWORD]} == : ]]; then
        compopt -o nospace
    fi
}
COMP_WORDBREAKS=${COMP_WORDBREAKS//:}
complete -F _newstui newstui"""

_ZSH = """\
#compdef newstui
_newstui() {
    local -a found
    local line
    while IFS= read -r line; do
        found+=("${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}")
    done < <(newstui complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
    (( ${#found} )) && _describe newstui found -S '' || _files
}
compdef _newstui newstui"""

_FISH = """\
function __newstui_complete
    newstui complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null
end
complete -c newstui -f -a '(__newstui_complete)'"""

SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def script(call: Call) -> int:
    """``newstui completion``"""
    if call.words[0] not in SCRIPTS:
        raise UsageError(f"a script exists for {', '.join(SCRIPTS)}", hint="usage: newstui completion bash|zsh|fish")
    write(SCRIPTS[call.words[0]])
    return 0


def complete(call: Call) -> int:
    """``newstui complete``: one completion a line, with a remark behind a tab."""
    for text, remark in complete_words(call.words):
        write(f"{text}\t{remark}")
    return 0


def complete_words(words: list[str]) -> list[tuple[str, str]]:
    """Return (completion, remark) for the last word."""
    *before, last = words or [""]
    if not before:
        commands = [(verb.name, verb.help) for verb in VERBS]
        options = [(option.name, option.help) for option in READER.options]
        return [item for item in commands + options if item[0].startswith(last)]
    verb = BY_NAME.get(before[0], READER)
    if option := next((option for option in verb.options if option.value and option.name == before[-1]), None):
        return _values(option.completes, last, option.choices)
    if last.startswith("--"):
        return [(option.name, option.help) for option in verb.options if option.name.startswith(last)]
    return _words(verb, before[1:], last)


def _words(verb: Verb, before: list[str], last: str) -> list[tuple[str, str]]:
    if verb.name == "mark" and not before:
        return _values("", last, ("read", "unread", "starred", "unstarred"))
    if verb.name == "export" and not before:
        return _values("", last, ("opml", "marks", "articles"))
    if verb.name == "completion":
        return _values("", last, tuple(SCRIPTS))
    if verb.name == "help":
        return [(verb.name, verb.help) for verb in VERBS if verb.name.startswith(last)]
    return _values(verb.completes, last, ())


def _values(kind: str, last: str, choices: tuple[str, ...]) -> list[tuple[str, str]]:
    if kind == "query":
        return _query_values(last)
    if kind == "collection":
        from newstui.cli.session import Session

        choices = tuple(subscription.name for subscription in Session().settings.collections)
    elif kind == "format":
        choices = FORMATS
    elif kind == "sort":
        choices = ("date", "heat", "quality", "coverage", "top")
    return [(choice, "") for choice in choices if choice.startswith(last)]


def _query_values(last: str) -> list[tuple[str, str]]:
    from newstui.cli.session import Session

    library = Session().open_library()
    return [(candidate.text, f"{candidate.count:,}") for candidate in library.complete(last, len(last))]
