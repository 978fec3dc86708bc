"""The vault: what is sealed stays sealed, is found again, and opens nowhere else."""

import json
import stat
from pathlib import Path

import pytest
from piccolo.columns import BigInt
from piccolo.table import Table

from db.vault import SUITES, Sealed, SealedError, SealedStr, Vault, key_file, new_keys, normalised, vault

PHONE = "13800000007"


class Card(Table):
    id = BigInt(primary_key=True, default=None)
    phone = Sealed()


def made(tmp_path: Path, **changes) -> Vault:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({**new_keys(), **changes}))
    path.chmod(0o600)
    return Vault.load(path)


@pytest.mark.parametrize("suite", SUITES)
def test_what_is_sealed_opens_in_its_own_cell_only(tmp_path, suite):
    keys = made(tmp_path, suite=suite)
    sealed = keys.seal("seeker.phone", 7, PHONE)
    assert PHONE not in str.__str__(sealed)
    assert keys.open("seeker.phone", 7, sealed) == PHONE
    for where, uid in (("seeker.phone", 8), ("seeker.id_number", 7), ("employer.phone", 7)):
        with pytest.raises(SealedError, match="cannot open"):
            keys.open(where, uid, sealed)


@pytest.mark.parametrize("suite", SUITES)
def test_a_changed_value_does_not_open(tmp_path, suite):
    keys = made(tmp_path, suite=suite)
    sealed = keys.seal("seeker.phone", 7, PHONE)
    head, text = sealed.rsplit(".", 1)
    for place in range(0, len(text) - 1, 5):
        other = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        with pytest.raises(SealedError):
            keys.open("seeker.phone", 7, f"{head}.{other}")
    with pytest.raises(SealedError):
        keys.open("seeker.phone", 7, PHONE)


def test_the_same_text_is_sealed_differently_each_time(tmp_path):
    keys = made(tmp_path)
    assert len({str.__str__(keys.seal("a.b", 1, PHONE)) for _ in range(50)}) == 50


def test_an_empty_text_stays_empty(tmp_path):
    keys = made(tmp_path)
    assert keys.seal("a.b", 1, "") == ""
    assert keys.open("a.b", 1, "") == ""


def test_a_lost_key_is_an_error_and_not_a_wrong_text(tmp_path):
    sealed = made(tmp_path).seal("a.b", 1, PHONE)
    with pytest.raises(SealedError):
        made(tmp_path).open("a.b", 1, sealed)


def test_an_old_key_still_opens_after_a_new_one_seals(tmp_path):
    old, fresh = new_keys(), new_keys()
    before = made(tmp_path, **old).seal("a.b", 1, PHONE)
    both = made(
        tmp_path,
        keys={**old["keys"], **fresh["keys"]},
        active=fresh["active"],
        index={**old["index"], **fresh["index"]},
        index_active=fresh["index_active"],
    )
    assert both.open("a.b", 1, before) == PHONE
    assert both.key_of(both.seal("a.b", 1, PHONE)) == fresh["active"] != both.key_of(before)
    assert both.index("phone", PHONE) in both.index_all("phone", PHONE)
    assert len(both.index_all("phone", PHONE)) == 2


def test_two_spellings_of_one_number_have_one_index(tmp_path):
    keys = made(tmp_path)
    spellings = ("13800000007", "+86 138 0000 0007", "138-0000-0007", "１３８００００００ ０７", "8613800000007")
    assert len({keys.index("phone", each) for each in spellings}) == 1
    assert keys.index("id_number", "42011219900101123x") == keys.index("id_number", "42011219900101123X")
    assert normalised("id_number", "8613800000007") == "8613800000007"


def test_an_index_tells_nothing_across_kinds_and_scopes(tmp_path):
    keys = made(tmp_path)
    asked = [keys.index("phone", PHONE), keys.index("id_number", PHONE), keys.index("phone", PHONE, scope="1001")]
    assert len(set(asked)) == 3
    assert all(PHONE not in each and len(each) <= 80 for each in asked)


def test_sealed_text_shows_as_a_mask_and_keeps_its_value():
    sealed = SealedStr("s1.a.k.abc")
    assert (f"{sealed}", repr(sealed), sealed.__html__()) == ("<sealed>", "<sealed>", "●●●●")
    assert str.__eq__(SealedStr(SealedStr(sealed)), "s1.a.k.abc")


def test_plain_text_does_not_enter_a_sealed_column():
    card = Card(id=1, phone="s1.a.k.abc")
    assert isinstance(card.phone, SealedStr)
    with pytest.raises(SealedError, match="phone"):
        card.phone = PHONE
    with pytest.raises(SealedError):
        Card(id=1, phone=PHONE)


def test_a_sealed_column_is_text_and_secret():
    assert Card.phone.column_type == "TEXT"
    assert Card.phone in Card._meta.secret_columns


def test_the_first_start_makes_keys_only_the_service_can_read(monkeypatch, tmp_path):
    monkeypatch.setenv("STATION_DATA", str(tmp_path / "new"))
    path = key_file()
    assert path == tmp_path / "new" / "keys.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["keys.json"]
    kept = path.read_bytes()
    assert key_file().read_bytes() == kept
    sealed = vault().seal("a.b", 1, PHONE)
    assert vault().open("a.b", 1, sealed) == PHONE


def test_production_does_not_make_keys(monkeypatch, tmp_path):
    monkeypatch.setenv("STATION_DATA", str(tmp_path))
    monkeypatch.setenv("STATION_ENV", "production")
    with pytest.raises(SealedError, match="STATION_KEYS"):
        vault()
    assert list(tmp_path.iterdir()) == []


def test_named_keys_must_exist(monkeypatch, tmp_path):
    monkeypatch.setenv("STATION_KEYS", str(tmp_path / "gone.json"))
    with pytest.raises(SealedError, match=r"gone\.json is missing"):
        vault()


def test_keys_others_can_read_are_refused(tmp_path):
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(new_keys()))
    path.chmod(0o640)
    with pytest.raises(SealedError, match="chmod 600"):
        Vault.load(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"keys": {"k": "?"}}'])
def test_a_file_that_holds_no_keys_is_refused_in_one_sentence(tmp_path, text):
    path = tmp_path / "keys.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(SealedError, match="is not a key file"):
        Vault.load(path)


def test_keys_are_not_printed(tmp_path):
    keys = made(tmp_path)
    assert all(repr(key) not in repr(keys) for key in keys.keys.values())
