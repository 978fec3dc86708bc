"""What anybody types at /verify."""

from web.forms.base import Given, Line, PageForm


class VerifyForm(PageForm):
    """A head from a printed ledger, or a number from any paper."""

    code = Line(
        "编号或者核验码",
        [Given("请输入纸上的编号或者核验码。")],
        maximum=120,
        width=6,
        hint="核验码在台账最后一页，64位，输前16位也行，空格不用管",
    )
