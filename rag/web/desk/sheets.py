"""Replies as sheets: as the draft stands, as it was signed, and the steps of the sign-off between them."""

from __future__ import annotations

from dataclasses import dataclass

from rag.domain.errors import RecordError
from rag.drafting.checking import check_quotation
from rag.drafting.sheet import Approval, Sheet, corpus_hash
from rag.drafting.sheets import Frame, Provenance, make_sheet
from rag.records.accounts import Account
from rag.records.draft_values import Draft, State
from rag.ui.service import Desk
from rag.web.desk.keeping import kept_part
from rag.web.staff.rooms import Staff


@dataclass(frozen=True, slots=True)
class Sheets:
    """Safe to share between threads."""

    desk: Desk
    staff: Staff

    def step(self, draft: Draft, seen: int, to: State, by: Account) -> None:
        """Raises RecordError where the step is not allowed or a sentence is not borne out."""
        self.staff.drafts.sign_offs.step(draft.id, seen, to, by, self._content, _words)

    def _content(self, draft: Draft) -> dict[str, object]:
        open_ends = [s.text for part in draft.sections for s in part.sentences if s.support == "unsupported"]
        if open_ends:
            raise RecordError(
                "The sources do not bear out: "
                + " | ".join(open_ends)
                + " Change these sentences, or mark them as your own words."
            )
        if not any(part.sentences for part in draft.sections):
            raise RecordError("The reply says nothing yet.")
        return self.of(draft).model_dump(mode="json")

    def of(self, draft: Draft) -> Sheet:
        """The draft as it stands."""
        frame = {key: str(value) for key, value in draft.frame.items()}
        return make_sheet(
            Frame(
                title=draft.title,
                language=draft.language,
                greeting=frame["greeting"],
                background=frame["background"],
                attribution="not for attribution"
                if frame["attribution"] == "not for attribution"
                else "for attribution",
                attribution_text=frame["attribution_text"],
                contact=frame["contact"],
                sender=str(draft.enquiry.get("sender", "")),
                outlet=str(draft.enquiry.get("outlet", "")),
            ),
            [kept_part(section) for section in draft.sections],
            Provenance(frame["retrieved"], frame["index"], frame["corpus"], self.staff.settings.public_url),
            reference=draft.id,
            version=draft.version,
            state=draft.state.value,
        )

    def to_send(self, draft: Draft, number: int | None = None) -> Sheet:
        """The signed version with its approval, or the draft as it stands where nothing is signed yet."""
        if number is None and draft.state in (State.DRAFT, State.IN_REVIEW):
            return self.of(draft)
        number = draft.version if number is None else number
        kept = Sheet.model_validate(self.staff.drafts.sign_offs.version(draft.id, number).content)
        steps = [s for s in self.staff.drafts.sign_offs.history(draft.id) if s.version == number]
        approvals = [s for s in steps if s.state is State.APPROVED]
        approval = Approval(by=approvals[-1].who, at=approvals[-1].at.isoformat()) if approvals else None
        state = steps[-1].state.value if steps else kept.state
        return kept.model_copy(update={"approval": approval, "state": state}).sealed()

    def affected(self, sheet: Sheet) -> tuple[str, ...]:
        """Which quotations of a reply the present texts no longer hold."""
        library = self.desk.service().library
        if sheet.corpus == corpus_hash(library.documents()):
            return ()
        checked = ((cited.label, check_quotation(cited, library)) for cited in sheet.citations)
        return tuple(f"{label}: {problem}" for label, problem in checked if problem)


def _words(draft: Draft) -> str:
    enquiry = [str(draft.enquiry.get(key, "")) for key in ("sender", "outlet", "subject", "text")]
    said = [words for part in draft.sections for words in (part.question, *(s.text for s in part.sentences))]
    return "\n".join((draft.title, *enquiry, *said))
