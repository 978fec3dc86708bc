"""Proof that the record is as it was written (核验, art. 23): what a run finds, the heads signed daily, how old a good run may be.

A head is the number and hash of the last entry of a chain. What was signed is the text of `SignedLine.signed`; the lines of
`SignedLine.line` are the file the district keeps.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.codes import Labelled

OLD_AFTER = timedelta(hours=26)
"""A good run older than this is old: it should have been followed by last night's."""

NIGHT_HOUR = 2
"""From this hour on (in China) the nightly run is due."""


class RunHow(Labelled):
    """Who had the record verified."""

    NIGHTLY = "NIGHTLY", "夜间自动核对"
    COMMAND = "COMMAND", "管理员核对"


class RecordPart(Labelled):
    """The parts of the record, each named with its first fault."""

    GUARD = "GUARD", "防改动措施"
    JOURNAL = "JOURNAL", "工作记录"
    HEAD = "HEAD", "签署的链头"
    LEDGER = "LEDGER", "月度台账"
    PAPER = "PAPER", "文书"
    CORRECTION = "CORRECTION", "更正"
    SIGNED_DAY = "SIGNED_DAY", "当天签认"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written: `name` is its public number or place, `what` is wrong with it in English."""

    part: RecordPart
    name: str
    what: str
    station_id: int | None = None

    @property
    def sentence(self) -> str:
        """One line of the command's answer."""
        return f"{self.name}: {self.what}"

    @property
    def shown(self) -> str:
        """The same for people at the desk."""
        return f"{self.part.label} {_place_shown(self.name)}：{in_chinese(self.what)}"


_WORDS: tuple[tuple[str, str], ...] = (
    (r"number (\d+) is missing", r"第 \1 条不见了"),
    (r"it does not follow the entry before it", "与上一条接不上"),
    (r"its text or its hash was changed", "内容或校验码被改动"),
    (r"its column (\w+) differs from its text", r"栏目 \1 与原文不符"),
    (r"it cannot be read", "无法读取"),
    (r"it is not the entry of the (?:signed head|head kept elsewhere|head of .*)", "与已签署、已交出的链头不符"),
    (r"it is in the (?:signed heads|heads kept elsewhere|head of .*) and gone here", "已签署、已交出的链头里有，这里不见了"),
    (r"its signature is wrong", "签名不符"),
    (r"it is signed with a key that is not known here", "签名用的密钥不是本站的"),
    (r"its row is missing", "记录不见了"),
    (r"its row is there twice", "同一记录出现两次"),
    (r"no journal entry tells of it", "工作记录里没有这一件"),
    (r"its (\w+) differs from the journal entry", r"\1 与工作记录不符"),
    (r"its (\w+) differs from its content", r"\1 与存档内容不符"),
    (r"its (\w+) differs from its steps", r"\1 与办理经过不符"),
    (r"its file is missing", "存档文件不见了"),
    (r"its file does not open", "存档文件打不开"),
    (r"its file is not the one that was kept", "存档文件被改动"),
    (r"its size differs from its file", "大小与存档文件不符"),
    (r"it is void and no journal entry says so", "标为作废，工作记录里没有作废"),
    (r"it was voided and is not void now", "已经作废，现在却标为有效"),
    (r"version (\d+) is missing", r"第 \1 版不见了"),
    (r"its head is not in the chain", "所盖的链头不在记录链上"),
    (r"the entries it covers were changed", "所签认的记录被改动"),
    (r"the record now says something else", "现在的记录与更正不符"),
    (r"the (?:trigger|function) (\w+) .*", r"防改动措施 \1 被停用或改动"),
)


def in_chinese(what: str) -> str:
    """A fault in the words of the desk; what no one foresaw stays as it is."""
    for english, chinese in _WORDS:
        if found := re.fullmatch(english, what):
            return found.expand(chinese)
    return what


def _place_shown(name: str) -> str:
    return re.sub(r"chain (\S+), entry (\d+)", r"\1 第 \2 条", name)


@dataclass(frozen=True, slots=True)
class SignedLine:
    """The head of one chain at the end of one day, with its signature (Ed25519, hexadecimal)."""

    chain: str
    seq: int
    hash: str
    day: date
    key_id: str
    signature: str

    @property
    def signed(self) -> bytes:
        """Exactly what the signature covers."""
        return signed_text(self.chain, self.seq, self.hash, self.day)

    @property
    def line(self) -> str:
        """As it stands in the file the district keeps: chain, number, hash, day, key, signature."""
        return f"{self.chain} {self.seq} {self.hash} {self.day.isoformat()} {self.key_id} {self.signature}"


def signed_text(chain: str, seq: int, digest: str, day: date) -> bytes:
    """What is signed of a head."""
    return f"station-head-1\n{chain}\n{seq}\n{digest}\n{day.isoformat()}\n".encode()


_SIGNED = re.compile(r"(\S+) (\d{1,18}) ([0-9a-f]{64}) (\d{4}-\d\d-\d\d) ([0-9a-f]{16}) ([0-9a-f]{128})")
_BARE = re.compile(r"(\S+) (\d{1,18}) ([0-9a-f]{64})")
_KEY = re.compile(r"#? ?key ([0-9a-f]{16}) ([0-9a-f]{64})")


def read_signed(text: str) -> list[SignedLine]:
    """The signed heads among the lines of a file. ValueError: a day that is none."""
    found = (_SIGNED.fullmatch(line.strip()) for line in text.splitlines())
    return [SignedLine(each[1], int(each[2]), each[3], date.fromisoformat(each[4]), each[5], each[6]) for each in found if each]


def lines_sha256(lines: Iterable[SignedLine]) -> str:
    """The hash of a day's heads, as the journal keeps it: over their lines in the order of their chains."""
    return hashlib.sha256("".join(f"{each.line}\n" for each in sorted(lines, key=lambda line: line.chain)).encode()).hexdigest()


def read_heads(text: str) -> dict[str, list[tuple[int, str]]]:
    """Chain → (number, hash) out of lines as `--heads` prints them or the district keeps them; other lines do not count."""
    heads: dict[str, list[tuple[int, str]]] = {}
    for line in map(str.strip, text.splitlines()):
        if found := _BARE.fullmatch(line) or _SIGNED.fullmatch(line):
            heads.setdefault(found[1], []).append((int(found[2]), found[3]))
    return heads


def read_public_keys(text: str) -> dict[str, str]:
    """Key id → public key (hexadecimal) out of lines "key ID HEX"."""
    return {found[1]: found[2] for line in text.splitlines() if (found := _KEY.fullmatch(line.strip()))}


def key_lines(keys: Mapping[str, str]) -> str:
    """Public keys as lines that `read_public_keys` reads."""
    return "".join(f"key {name} {public}\n" for name, public in sorted(keys.items()))


def head_file(lines: Iterable[SignedLine], keys: Mapping[str, str]) -> str:
    """The file the district keeps: the public keys for information, then one line per signed head."""
    top = "# chain number hash day key signature (Ed25519)\n"
    return top + "".join(f"# {line}\n" for line in key_lines(keys).splitlines()) + "".join(f"{each.line}\n" for each in lines)


class RecordState(Labelled):
    """What health says of the record."""

    OK = "ok", "核对无误"
    WRONG = "wrong", "核对发现问题"
    OLD = "old", "很久没有核对"


def record_state(*, ok: bool | None, ended_at: datetime | None, began_at: datetime | None, now: datetime) -> RecordState:
    """How the record stands: the last run failed, or is too old; a young installation that was never verified is well.

    `ok` and `ended_at` are of the last run (None: none yet), `began_at` is when the first entry was written (None: none).
    """
    if ok is False:
        return RecordState.WRONG
    since = ended_at or began_at
    return RecordState.OLD if since is not None and now - since > (OLD_AFTER if ended_at else 2 * OLD_AFTER) else RecordState.OK


def night_began(now: datetime) -> datetime:
    """The last moment at which a nightly run fell due; `now` as the wall clock in China shows it."""
    began = now.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return began if now >= began else began - timedelta(days=1)


def days_to_sign(last: date | None, today: date, most: int = 31) -> list[date]:
    """The days whose heads are not signed yet, oldest first; of a longer pause only the last month, at the start only yesterday."""
    yesterday = today - timedelta(days=1)
    if last is None:
        return [yesterday]
    first = max(last + timedelta(days=1), yesterday - timedelta(days=most - 1))
    return [first + timedelta(days=number) for number in range((yesterday - first).days + 1)]
