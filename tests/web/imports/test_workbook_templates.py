"""The empty forms: drop-downs, numbers as text, an example row, and how to fill them in."""

import io

import openpyxl
import pytest

from rules.codes import ImportKind
from rules.workbooks import EXAMPLE, MAXIMUM_ROWS, SHEETS


@pytest.fixture
async def book(clerk, request):
    answer = await clerk.fetches(f"/desk/imports/templates/{request.param}.xlsx")
    assert answer.headers["content-disposition"].startswith("attachment")
    return SHEETS[ImportKind(request.param)], openpyxl.load_workbook(io.BytesIO(answer.content))


KINDS = [kind.value for kind in ImportKind]


@pytest.mark.parametrize("book", KINDS, indirect=True)
async def test_every_choice_is_a_drop_down_over_all_rows(book):
    sheet, opened = book
    page = opened.worksheets[0]
    lists = opened["选项"]
    assert lists.sheet_state == "hidden"
    by_letter = {str(each.sqref).split(":")[0].rstrip("0123456789"): each for each in page.data_validations.dataValidation}
    for place, column in enumerate(sheet.columns, 1):
        letter = openpyxl.utils.get_column_letter(place)
        assert (letter in by_letter) == bool(column.listed), column.label
        if column.listed:
            choice = by_letter[letter]
            assert str(choice.sqref).endswith(str(MAXIMUM_ROWS + 2))
            source = choice.formula1.split("!")[1].replace("$", "")
            assert tuple(row[0].value for row in lists[source]) == column.listed


@pytest.mark.parametrize("book", KINDS, indirect=True)
async def test_columns_are_text_and_required_ones_are_marked(book):
    sheet, opened = book
    page = opened.worksheets[0]
    for place, column in enumerate(sheet.columns, 1):
        head = page.cell(1, place)
        assert head.value == column.label + ("*" if column.required else "")
        assert page.column_dimensions[openpyxl.utils.get_column_letter(place)].number_format == "@"
        if column.hint:
            assert head.comment.text == column.hint
    assert page.freeze_panes == "B2"


@pytest.mark.parametrize("book", KINDS, indirect=True)
async def test_an_example_row_and_a_page_of_instructions(book):
    sheet, opened = book
    page = opened.worksheets[0]
    assert page.cell(2, 1).value.startswith(EXAMPLE)
    assert page.max_row == 2
    words = [str(row[0].value) for row in opened["填写说明"].iter_rows() if row[0].value]
    assert list(sheet.guide) == words[: len(sheet.guide)]
    assert {column.label for column in sheet.columns} <= set(words)


async def test_there_is_no_template_of_anything_else(clerk):
    await clerk.reads("/desk/imports/templates/nothing.xlsx", status=404)
    await clerk.reads("/desk/imports/templates/seekers", status=404)
