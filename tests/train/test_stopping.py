"""What `python -m train` says when a person stops it: only what the command has."""

import pytest

import train.embed
import train.fit
import train.prepare
from train.__main__ import main


def stop(*_):
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["embed", "--bundle", "b", "--images", "i"], "the same command goes on from there."),
        (["fit"], "the same command with --resume goes on from there."),
        ([], "python -m train fit with --resume goes on from there."),
    ],
)
def test_ctrl_c_advises_what_the_command_has(monkeypatch, capsys, arguments, advice):
    monkeypatch.setattr(train.embed, "run", stop)
    monkeypatch.setattr(train.fit, "run", stop)
    monkeypatch.setattr(train.prepare, "run", lambda _: None)
    assert main(arguments) == 130
    assert capsys.readouterr().err == f"Stopped. What was finished is kept; {advice}\n"
