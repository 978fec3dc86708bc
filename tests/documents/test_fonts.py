"""What can be printed, and what is refused by name before it reaches the printer."""

import pytest

from rules.errors import RuleBroken, RulesBroken
from web.documents import fonts


@pytest.mark.parametrize("name", ["王䶮", "欧阳晓𬭎", "何晓㼆", "𠅤", "𪩘", "𫍯", "𨱏", "张·阿布都"])
def test_rare_names_have_a_glyph(name):
    assert fonts.missing_glyphs(name) == []


def test_every_gb2312_character_has_a_glyph():
    characters = "".join(bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    assert len(characters) == 6763
    assert fonts.missing_glyphs(characters) == []


def test_a_character_no_face_has_is_missing():
    assert fonts.missing_glyphs("王\U00031350\U00031350") == ["\U00031350"]


@pytest.mark.parametrize("character", ["\ue863", "\u200b", "\u202e", "\x07", "\ud800", "\U000e0100"])
def test_private_invisible_and_control_characters_are_missing(character):
    assert fonts.missing_glyphs(f"张{character}伟") == [character]


def test_line_breaks_and_tabs_are_not_missing():
    assert fonts.missing_glyphs("一行\r\n\t二行") == []


def test_a_form_is_told_the_field_and_the_character():
    with pytest.raises(RuleBroken) as refused:
        fonts.check_printable({"name": "王\U00031350", "home": "将军路"}, {"name": "姓名"})
    assert refused.value.field == "name"
    assert "姓名" in refused.value.message
    assert "\U00031350" in refused.value.message
    assert "U+31350" in refused.value.message


def test_a_private_use_character_is_named_by_its_code_only():
    with pytest.raises(RuleBroken) as refused:
        fonts.check_printable({"name": "张\ue863"})
    assert "U+E863" in refused.value.message
    assert "\ue863" not in refused.value.message


def test_several_fields_are_refused_together():
    with pytest.raises(RulesBroken) as refused:
        fonts.check_printable({"name": "\ue863", "home": "\u200b", "skills": "搬运"})
    assert [broken.field for broken in refused.value.broken] == ["name", "home"]


def test_a_machine_without_the_faces_is_told_what_to_run(tmp_path):
    with pytest.raises(fonts.FontsMissing, match="script/fonts"):
        fonts.use_own_fonts(tmp_path)
