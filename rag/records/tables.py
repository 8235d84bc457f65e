"""The tables. `migrations/` makes them; a test holds the two equal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Boolean, Float, ForeignKey, Index, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from rag.records.columns import UtcDateTime

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
Json = dict[str, object]

APPEND_ONLY = ("trail", "draft_versions", "sign_offs", "comments", "ratings")
"""Tables to which rows are added and in which none is ever changed or removed."""

LOCKED_WITH_DRAFT = ("sections", "sentences")
"""Tables whose rows stand still while their draft is approved, sent or withdrawn."""


class Table(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UtcDateTime, Json: JSON, list[object]: JSON}


class AccountRow(Table):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    display_name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(Text)
    disabled: Mapped[bool] = mapped_column(Boolean)
    made_at: Mapped[datetime]


class SessionRow(Table):
    __tablename__ = "sessions"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    csrf: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class FirstLookRow(Table):
    __tablename__ = "first_looks"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AttemptRow(Table):
    __tablename__ = "sign_in_attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    address: Mapped[str] = mapped_column(String(80), index=True)
    succeeded: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[datetime]


class TrailRow(Table):
    """One thing that somebody did."""

    __tablename__ = "trail"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    who: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(120), index=True)
    detail: Mapped[Json]


class DraftRow(Table):
    __tablename__ = "drafts"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(20), index=True)
    version: Mapped[int] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(Integer)
    enquiry: Mapped[Json]
    frame: Mapped[Json]
    made_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class SectionRow(Table):
    """A question of the enquiry with its answer, or the lines to take."""

    __tablename__ = "sections"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    question: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text)
    alternatives: Mapped[list[object]]


class SentenceRow(Table):
    __tablename__ = "sentences"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.id"), index=True)
    section_id: Mapped[str] = mapped_column(ForeignKey("sections.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    support: Mapped[str] = mapped_column(String(20))
    reasons: Mapped[list[object]]
    citations: Mapped[list[object]]
    revision: Mapped[int] = mapped_column(Integer)
    changed_by: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime]


class VersionRow(Table):
    """A draft as it stood when it was handed over; never changed."""

    __tablename__ = "draft_versions"
    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[Json]
    sha256: Mapped[str] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    who: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class SignOffRow(Table):
    """A step of a version: submitted, returned, approved, sent, withdrawn, reopened."""

    __tablename__ = "sign_offs"
    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    who: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class CommentRow(Table):
    __tablename__ = "comments"
    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    sentence_id: Mapped[str | None] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    who: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class HouseTextRow(Table):
    """A text of the house style that staff changed; the others come with the product."""

    __tablename__ = "house_texts"
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    part: Mapped[str] = mapped_column(String(40), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer)


class BatchRow(Table):
    __tablename__ = "rating_batches"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20))
    seed: Mapped[int] = mapped_column(Integer)
    detail: Mapped[Json]
    made_by: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]


class ItemRow(Table):
    """A claim to rate. `shown` is what a rater may see, `hidden` what is kept from them until they rated."""

    __tablename__ = "rating_items"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    batch_id: Mapped[str] = mapped_column(ForeignKey("rating_batches.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    claim: Mapped[str] = mapped_column(Text)
    shown: Mapped[Json]
    hidden: Mapped[Json]
    automatic_label: Mapped[str | None] = mapped_column(String(20))
    automatic_score: Mapped[float | None] = mapped_column(Float)
    known_label: Mapped[str | None] = mapped_column(String(20))


class RatingRow(Table):
    __tablename__ = "ratings"
    __table_args__ = (Index("ix_ratings_item_account", "item_id", "account_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("rating_items.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    who: Mapped[str] = mapped_column(String(200))
    label: Mapped[str] = mapped_column(String(20))
    why: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
