"""What people and machines really put into fields."""

TOO_LONG = "长" * 10_000
SCRIPT = "<script>alert(1)</script>"
END_OF_SCRIPT = "</script><script>alert(1)</script>"

PAYLOADS: tuple[str, ...] = (
    "",
    TOO_LONG,
    "😀",
    SCRIPT,
    "１２３",
    "٣",
    "-1",
    "1e9",
    "99999999999999999999",
    "99999999999999999999:00",
    "2026-13-45",
    "0001-01-01",
    "1_0",
    "²",
    "%",
    "_",
    "\\",
    "\"'",
    "'; DROP TABLE job; --",
    "{{ 7 * 7 }}",
    "NOT_IN_THE_TABLE",
)

UNDECODABLE = (b"%00", b"%1f", b"%ed%a0%80", b"%ff%fe", b"\xed\xa0\x80", b"\xc0\xaf")
"""Percent-encoded or raw bytes that are no text: NUL, a control, a lone surrogate, broken UTF-8."""

JUNK_PAGES = ("abc", "-1", "0", "1e9", "٣", "9" * 30, "bnVsbA", "W10", "WzFd", "%25", "%27", "Zm9v" * 40)
"""Values of `page` and `after` that no page of ours gave out."""
