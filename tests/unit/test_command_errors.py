"""What the command says when something nobody foresaw goes wrong."""

import pytest

import agent.cli as cli

SECRET = "camille@exemple.fr"


def _fail() -> None:
    raise KeyError(SECRET)


@pytest.fixture(autouse=True)
def broken_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "build", lambda: _fail)


def test_a_defect_is_one_line_without_what_it_quotes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(cli.TRACE, raising=False)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr().err
    assert ended.value.code == cli.EXIT_DEFECT
    assert "KeyError in _fail, line" in said
    assert SECRET not in said
    assert "Traceback" not in said


def test_the_trace_is_shown_to_who_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cli.TRACE, "1")
    with pytest.raises(KeyError):
        cli.main()
