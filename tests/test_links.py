"""What may be opened, and what exactly the browser is given."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstui.errors import ConfigError, NotFoundError
from newstui.library import opener
from newstui.links import check_link

BROWSER = "/usr/bin/some-browser"


@pytest.mark.shared
def test_every_known_trick_gets_its_verdict_and_its_exact_argument(shared):
    wrong = []
    for line in (shared / "hostile" / "urls.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        link = check_link(row["url"])
        allowed = {row["verdict"]} | ({"refuse"} if row["verdict"] == "ask" else set())
        if "or ask" in row["why"] or "after asking" in row["why"]:
            allowed.add("ask")
        faults = [
            link.verdict not in allowed,
            "argv" in row and link.address != row["argv"],
            "argv_ci" in row and link.address.lower() != row["argv_ci"].lower(),
            "host" in row and link.verdict == "ask" and row["host"] not in link.host,
            "secret" in row and row["secret"] in f"{link.address}{link.host}{link.reason}",
            link.verdict == "refuse" and (link.address or not link.reason),
            not link.address.isascii() or any(not "!" <= letter <= "~" for letter in link.address),
        ]
        if any(faults):
            wrong.append((row["url"][:60], link))
    assert wrong == []


@pytest.mark.parametrize(
    "address",
    [
        "https://paper.example/a?b=c&d=%2F%26#e",
        "http://paper.example",
        "https://paper.example:8443/a;b(c)$d`e`|f'g\"",
        "https://paper.example/%s/%action",
        "https://[2001:db8::1]:80/",
        "https://under_score.paper.example/",
    ],
)
def test_an_ordinary_address_reaches_the_browser_letter_for_letter(address):
    assert check_link(address).address == address
    assert check_link(f"  {address} ").verdict == "open"


@pytest.mark.parametrize(
    ("address", "handed_on"),
    [
        ("https://paper.example/Zürich?q=日", "https://paper.example/Z%C3%BCrich?q=%E6%97%A5"),
        ("https://paper.example/Business Wire/x", "https://paper.example/Business%20Wire/x"),
        ("HTTPS://Paper.Example/A", "https://paper.example/A"),
        ("https://paper.example/?p=c:\\x", "https://paper.example/?p=c:%5Cx"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("https://paper。example/x", "https://paper.example/x"),
        ("https://ex.example:/x", "https://ex.example/x"),
    ],
)
def test_what_is_no_plain_address_is_made_one(address, handed_on):
    assert check_link(address).address == handed_on


@pytest.mark.parametrize(
    ("address", "host", "words"),
    [
        ("https://paypal.example@thief.example/", "thief.example", "looks like paypal.example"),
        ("https://anna:s3cret@paper.example/x", "paper.example", "left out"),
        ("https://bücher.example/", "xn--bcher-kva.example", "international"),
        ("mailto:desk@paper.example?subject=Hello there", "paper.example", "mail to desk@paper.example"),
        ("https://paper.example/\u2066x", "paper.example", "cannot be seen"),
        ("https://paper.example/" + "a" * 5000, "paper.example", "5,022 characters"),
    ],
)
def test_what_may_deceive_is_asked_about_and_shows_the_real_host(address, host, words):
    link = check_link(address)
    assert (link.verdict, link.host) == ("ask", host)
    assert words in link.reason
    assert "s3cret" not in f"{link}"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "file:///etc/passwd", "-P", "--help", "https://-x/", "https://a b/", "https://a.example:70000/",
     "http:paper.example", "//paper.example/", "paper.example", "https://xn--/", "https://.example/", "https://a..example/",
     "https://paper%2eexample/", "mailto:-x@paper.example", "mailto:a@b.example?cc=c@d.example",
     "mailto:a@b.example?subject=x%0abcc:c@d.example", "https://a.example\\b", "https://\U0001f600.example⁄/", "https://[::1/",
     "https://[fe80::1%25eth0]/", "https://[::1%x y]/"],
)  # fmt: skip
def test_what_could_start_something_else_is_refused_with_a_reason(address):
    link = check_link(address)
    assert (link.verdict, link.address) == ("refuse", "")
    assert link.reason


@given(
    st.text(max_size=80)
    | st.text(st.sampled_from("htps:/@.\\[]?#-%xn\u0430\u202e 1"), max_size=40).map("https://".__add__)
)
@settings(max_examples=300, derandomize=True)
def test_any_text_gets_a_verdict_and_only_plain_addresses_go_out(text):
    link = check_link(text)
    assert link.verdict in ("open", "ask", "refuse")
    if link.address:
        assert link.address.startswith(("http://", "https://", "mailto:"))
        assert all("!" <= letter <= "~" for letter in link.address)
        assert check_link(link.address).address == link.address


# --- starting the browser ---


def build(address, browser="", environ=None, installed=("some-browser", "xdg-open", "w3m"), platform="linux"):
    return opener.build_command(
        check_link(address),
        browser,
        environ=environ or {},
        find=lambda name: f"/usr/bin/{name}" if name in installed else None,
        platform=platform,
    )


@pytest.mark.parametrize(
    ("browser", "words"),
    [
        ("some-browser", ["some-browser", "{}"]),
        ("some-browser --new-tab %s", ["some-browser", "--new-tab", "{}"]),
        ("some-browser --url=%s &", ["some-browser", "--url={}"]),
        ("'some-browser' '-P' 'a b' %s", ["some-browser", "-P", "a b", "{}"]),
    ],
)
def test_the_address_is_one_argument_wherever_the_command_wants_it(browser, words):
    address = "https://paper.example/$(touch${IFS}here);`id`|x?a=%s&b=%2F"
    expected = [word.replace("{}", address) for word in words]
    assert build(address, browser) == expected
    assert build(address, environ={"BROWSER": browser}) == expected


def test_the_first_installed_browser_is_taken():
    assert build("https://a.example/", environ={"BROWSER": "gone:some-browser"})[0] == "some-browser"
    assert build("https://a.example/")[0] == "xdg-open"
    assert build("https://a.example/", installed=("open",), platform="darwin") == ["open", "https://a.example/"]


def test_no_browser_is_said_with_a_way_out():
    with pytest.raises(NotFoundError, match="no browser") as caught:
        build("https://a.example/", installed=())
    assert "copies" in caught.value.hint


def test_a_refused_address_starts_nothing():
    with pytest.raises(NotFoundError, match="javascript"):
        build("javascript:alert(1)")


def test_a_shell_is_never_given_an_address():
    with pytest.raises(ConfigError, match="shell"):
        build("https://a.example/$(id)", "/bin/sh -c 'some-browser %s'", installed=("/bin/sh",))


def test_a_broken_browser_setting_is_a_mistake_in_the_configuration():
    with pytest.raises(ConfigError):
        build("https://a.example/", "some-browser 'x")


def test_browsers_of_the_terminal_are_known():
    assert opener.runs_in_terminal(["/usr/local/bin/w3m", "https://a.example/"])
    assert not opener.runs_in_terminal(["/usr/bin/some-browser", "https://a.example/"])


def test_the_program_gets_exactly_the_address_and_no_terminal(tmp_path, monkeypatch):
    out = tmp_path / "argv.json"
    script = tmp_path / "browser.py"
    script.write_text(
        "import json, os, sys\n"
        "print('noise'); print('noise', file=sys.stderr)\n"
        f"data = [sys.argv[1:], sys.stdin.read(), os.getsid(0) == os.getpid()]\n"
        f"open({str(out)!r} + '.part', 'w').write(json.dumps(data)); os.rename({str(out)!r} + '.part', {str(out)!r})\n"
    )
    processes = []
    popen = opener.subprocess.Popen
    monkeypatch.setattr(opener.subprocess, "Popen", lambda *a, **k: processes.append(popen(*a, **k)) or processes[-1])
    address = "https://paper.example/it's;a(b)$c`d`|e?x=%2F%26"
    opener.open_link(check_link(address), f"{sys.executable} {script} %s")
    assert processes[0].wait(30) == 0
    assert json.loads(out.read_text()) == [[address], "", True]


def test_a_program_that_cannot_start_is_said(tmp_path):
    broken = tmp_path / "broken"
    broken.write_text("not a program")
    broken.chmod(0o755)
    with pytest.raises(NotFoundError, match="could not be started"):
        opener.open_link(check_link("https://a.example/"), str(broken))
