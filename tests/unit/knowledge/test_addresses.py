"""What of an address may be printed, and how its name and password are sent."""

import pytest

from knowledge.addresses import split_credentials, without_credentials


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://ana:s3cret@host/v1", "https://***@host/v1"),
        ("at https://s3cret@host:8443: no answer", "at https://***@host:8443: no answer"),
        ("https://ana:p@ss@host/v1?a=@b", "https://***@host/v1?a=@b"),
        ("a://b:c@d and e://f:g@h", "a://***@d and e://***@h"),
        ("https://host/@ana, écrire à ana@host", "https://host/@ana, écrire à ana@host"),
        ("", ""),
        (
            "postgresql://ana@host/db?sslmode=require&password=s3%26cret&passfile=/etc/p",
            "postgresql://***@host/db?sslmode=require&password=***&passfile=/etc/p",
        ),
        ("postgresql://host/db?p%61ssword=s3cret#x", "postgresql://host/db?p%61ssword=***#x"),
        ("x://h/d?sslpassword=s3cret, bye", "x://h/d?sslpassword=*** bye"),
        ("host=h PASSWORD = 's3 \\'cret' user=a", "host=h PASSWORD = *** user=a"),
        ("the password is asked; no-password=1", "the password is asked; no-password=1"),
    ],
)
def test_nothing_before_the_host_is_shown(text: str, shown: str) -> None:
    assert without_credentials(text) == shown


def test_a_name_and_a_password_are_sent_as_their_own_header() -> None:
    address, header = split_credentials("https://ana:d%C3%A9j%C3%A0@host:8443/v1?x=1")
    assert address == "https://host:8443/v1?x=1"
    assert header == "Basic YW5hOmTDqWrDoA=="
    assert split_credentials("http://host/v1") == ("http://host/v1", "")
