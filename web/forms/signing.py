"""Signing on a screen: beginning a sitting, one side's signature, ending it early; the code of a copy."""

from wtforms import HiddenField

from rules.errors import RuleBroken
from rules.signing import LONGEST_TYPED, Strokes, read_strokes
from web.forms.base import Given, Line, Lines, PageForm, Tick


class SittingForm(PageForm):
    """What the guide answers for before anybody signs. The rule asks for both ticks."""

    both_present = Tick("双方都在场，都愿意在屏幕上签", width=6)
    read_aloud = Tick("我已经把全文逐条念给双方听", width=6)


class SignatureForm(PageForm):
    """One side signs: the text was read, the name is written, the code is typed. Refused, the strokes come back."""

    side = HiddenField()
    agreed = Tick("我已读完（听完）全文，同意这份协议，愿意在屏幕上签字", [Given("看完（听完）全文、同意的，请先打勾。")], width=6)
    strokes = HiddenField("签名")
    code = Line("验证码", [Given()], maximum=12, width=2)

    @property
    def written(self) -> Strokes:
        """What was written. RuleBroken, on `strokes`."""
        return read_strokes((self.strokes.data or "")[: LONGEST_TYPED + 1])

    @property
    def typed_code(self) -> str:
        """The digits of the code: people type spaces between them."""
        return (self.code.data or "").replace(" ", "")

    def validate(self, extra_validators: object = None) -> bool:
        """Everything at once: the tick, the handwriting, the code."""
        sound = super().validate()
        try:
            self.written  # noqa: B018 read for its refusal
        except RuleBroken as broken:
            self.refuse(broken)
            return False
        return sound


class StopForm(PageForm):
    """Why the sitting ends before everybody has signed."""

    reason = Lines("为什么停止", [Given()], maximum=200, rows=2, width=6, hint="例如：双方要改日期；乙方想在纸上签")


class CopyCodeForm(PageForm):
    """The code that was told at the station, for the link of a copy."""

    code = Line("验证码", [Given()], maximum=12, width=6)

    @property
    def typed_code(self) -> str:
        """The digits: people type spaces between them."""
        return (self.code.data or "").replace(" ", "")
