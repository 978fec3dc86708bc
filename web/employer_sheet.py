"""The page of one employer at the desk: what it shows, and doing one thing to the employer with the page shown again."""

from typing import Any

from litestar import Response

from db.actions import employers as actions
from db.clock import today
from db.queries import employer_documents as papers
from db.queries import employers as queries
from db.queries.complaints import frozen_by
from db.queries.duplicates import merged_employer
from db.queries.employer_accounts import account_of_employer
from db.queries.jobs import jobs_of_employer
from db.queries.ratings import good_first, tags_about_employer
from rules.codes import CreditState
from rules.employer_documents import missing_documents
from rules.employers import credit_choices, reverify_due, reverify_soon
from rules.publication import frozen_sentence
from web.forms.base import PageForm
from web.forms.employer_registration import OnlineAccountForm
from web.forms.employers import (
    CreditForm,
    DocumentCheckForm,
    DocumentWithdrawalForm,
    EmployerDocumentForm,
    EmployerRejectionForm,
    EmployerVerificationForm,
)
from web.render import again, found
from web.request import StationRequest
from web.submission import submit

HOME = "/desk/employers"


async def change_employer(request: StationRequest, employer_id: int, name: str, form: PageForm, act: Any, said: str) -> Response:
    """Do one thing to an employer and go back to its page; a refused form (context `name`) stands there again."""
    employer = found(await queries.employer_in(request.actor.scope, employer_id))
    url = f"{HOME}/{employer_id}"
    if form.validate() and (answer := await submit(request, form, act, to=lambda _: url, said=said)):
        return answer
    return again(request, "employers/show.html", **{**await employer_sheet(request, employer), name: form})


async def employer_sheet(request: StationRequest, employer: dict[str, Any]) -> dict[str, Any]:
    """What the page of one employer shows, with fresh forms for what may be done."""
    day, documents = today(), await papers.documents_of(employer["id"])
    facts = await queries.employer_facts(employer["id"])
    needed = actions.required_of(employer)
    lacking = missing_documents(needed, await papers.held_documents(employer["id"]), day)
    again = await papers.held_documents(employer["id"], since=await papers.verified_since(employer["id"]))
    verification = EmployerVerificationForm()
    return {
        "employer": employer,
        "masks": await queries.opened_masks(employer),
        "facts": facts,
        "frozen": frozen_sentence(case, own=False) if (case := await frozen_by(employer["id"])) else "",
        "merged": await merged_employer(employer["id"]),
        "due": reverify_due(facts.state, employer["verified_until"], day),
        "soon": reverify_soon(facts.state, employer["verified_until"], day),
        "day": day,
        "needed": needed,
        "lacking": dict(lacking),
        "unseen": [kind for kind, _ in missing_documents(needed, again, day)],
        "documents": documents,
        "tails": await papers.opened_document_tails(documents),
        "decisions": await papers.decisions_of(employer["id"]),
        "jobs": await jobs_of_employer(request.actor.scope, employer["id"]),
        "credit_options": credit_choices(request.actor.role, CreditState(employer["credit"])),
        "verification": verification,
        "rejection": EmployerRejectionForm(),
        "credit": CreditForm(),
        "document": EmployerDocumentForm(),
        "checking": DocumentCheckForm(),
        "withdrawal": DocumentWithdrawalForm(),
        "online": OnlineAccountForm(),
        "account": await account_of_employer(employer["id"]),
        "tags": good_first(await tags_about_employer(employer["id"])),
    }
