"""The press desk over HTTP: closed to strangers, honest about conflicts, exact in what it sends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from rag.drafting.checking import verify_file
from rag.drafting.sheet import Sheet
from rag.records.draft_values import Draft
from rag.records.sessions import FAILURES_PER_NAME
from rag.web.application import create_app
from rag.web.staff.signing import first_look_link
from tests.drafting.corpus_assistant import library
from tests.web.desk import PASSWORD, Rooms, csrf_of, make_rooms, sign_in
from tests.web.site import make_site

LETTER = """Dear team,

I am a reporter at The Paper. What does the Council say about prevention and the public?
How many astronauts will visit Jupiter in 2027?

Regards,
Kim Lee
"""


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    made = make_rooms(tmp_path)
    yield made
    made.staff.engine.dispose()


@pytest.fixture
def client(rooms: Rooms) -> Iterator[TestClient]:
    with TestClient(rooms.app(), follow_redirects=False) as client:
        yield client


class Officer:
    """A person at the desk."""

    def __init__(self, rooms: Rooms, client: TestClient, name: str) -> None:
        self.rooms, self.client = rooms, client
        self.csrf = sign_in(client, name)

    def post(self, path: str, **fields: object) -> str:
        answer = self.client.post(path, data={"csrf": self.csrf, **{k: str(v) for k, v in fields.items()}})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def put(self, path: str, **fields: object) -> tuple[int, dict[str, object]]:
        headers = {"x-csrf-token": self.csrf, "accept": "application/json"}
        answer = self.client.put(path, json=fields, headers=headers)
        is_json = answer.headers["content-type"].startswith("application/json")
        return answer.status_code, answer.json() if is_json else {}

    def begin(self, letter: str = LETTER, language: str = "") -> Draft:
        place = self.post("/desk/enquiries", letter=letter, language=language)
        return self.draft(place.split("/")[3].split("#")[0])

    def draft(self, draft_id: str) -> Draft:
        return self.rooms.staff.drafts.draft(draft_id)


@pytest.fixture
def ann(rooms: Rooms, client: TestClient) -> Officer:
    return Officer(rooms, client, "ann")


@pytest.fixture
def bob(rooms: Rooms) -> Iterator[Officer]:
    with TestClient(rooms.app(), follow_redirects=False) as client:
        yield Officer(rooms, client, "bob")


@pytest.fixture
def cas(rooms: Rooms) -> Iterator[Officer]:
    with TestClient(rooms.app(), follow_redirects=False) as client:
        yield Officer(rooms, client, "cas")


OPEN = {"/staff/sign-in", "/staff/first-look"}


def staff_routes(rooms: Rooms) -> list[tuple[str, str]]:
    """Method and address of everything under the staff folders."""
    found = []
    waiting = list(rooms.app().routes)
    while waiting:
        route = waiting.pop()
        waiting += getattr(getattr(route, "original_router", None), "routes", [])
        if isinstance(route, APIRoute) and route.path.startswith(("/desk", "/staff")):
            path = re.sub(r"\{kind\}", "docx", route.path)
            found += [(method, re.sub(r"\{\w+\}", "x", path)) for method in route.methods]
    return [pair for pair in found if pair[1] not in OPEN]


def test_nothing_of_staff_is_reached_without_signing_in(rooms: Rooms, client: TestClient) -> None:
    routes = staff_routes(rooms)
    assert len(routes) >= 20
    for method, path in routes:
        answer = client.request(method, path)
        if method == "GET":
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/staff/sign-in?next=")
        else:
            assert answer.status_code == 401, (method, path)


def test_a_made_up_session_opens_nothing(client: TestClient) -> None:
    client.cookies.set("staff_session", "x" * 43)
    assert client.get("/desk").status_code == 303


def test_each_role_enters_its_own_rooms_only(rooms: Rooms, client: TestClient) -> None:
    sign_in(client, "eve")
    for method, path in staff_routes(rooms):
        if path.startswith("/desk"):
            assert client.request(method, path).status_code == 403, path


def test_an_approver_reads_and_comments_and_does_not_write(rooms: Rooms, ann: Officer, bob: Officer) -> None:
    draft = ann.begin()
    sentence = draft.sections[0].sentences[0]
    assert bob.client.get(f"/desk/drafts/{draft.id}").status_code == 200
    bob.post(f"/desk/drafts/{draft.id}/comments", text="Please shorten.")
    assert "Please shorten." in ann.client.get(f"/desk/drafts/{draft.id}").text
    status, _ = bob.put(f"/desk/drafts/{draft.id}/sentences/{sentence.id}", text="X", seen=1)
    assert status == 403


def test_no_change_is_taken_without_the_sessions_own_token(rooms: Rooms, ann: Officer, cas: Officer) -> None:
    draft = ann.begin()
    for method, path in staff_routes(rooms):
        if method == "GET":
            continue
        for headers in ({}, {"x-csrf-token": "x"}, {"x-csrf-token": cas.csrf}):
            assert ann.client.request(method, path, headers=headers).status_code == 403, path
    answer = ann.client.post(f"/desk/drafts/{draft.id}/comments", data={"csrf": "wrong", "text": "x"})
    assert answer.status_code == 403


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(rooms: Rooms, client: TestClient) -> None:
    answer = client.post("/staff/sign-in", data={"name": "ann", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie
    with TestClient(rooms.app(), base_url="https://testserver", follow_redirects=False) as https:
        answer = https.post("/staff/sign-in", data={"name": "ann", "password": PASSWORD})
    assert "Secure" in answer.headers["set-cookie"]


def test_signing_in_from_another_sites_form_is_refused(client: TestClient) -> None:
    answer = client.post(
        "/staff/sign-in",
        data={"name": "ann", "password": PASSWORD},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert answer.status_code == 403


def test_guessing_is_slowed_down(client: TestClient) -> None:
    for _ in range(FAILURES_PER_NAME):
        assert client.post("/staff/sign-in", data={"name": "ann", "password": "no"}).status_code == 401
    assert client.post("/staff/sign-in", data={"name": "ann", "password": PASSWORD}).status_code == 429


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/desk\\..", "/desk\r\nX: y"])
def test_signing_in_never_leads_to_another_site(client: TestClient, wanted: str) -> None:
    answer = client.post("/staff/sign-in", data={"name": "ann", "password": PASSWORD, "next": wanted})
    assert answer.headers["location"] == "/desk"


def test_signing_out_ends_the_session(ann: Officer) -> None:
    ann.post("/staff/sign-out")
    assert ann.client.get("/desk").status_code == 303


def test_staff_pages_are_neither_framed_nor_kept(ann: Officer) -> None:
    headers = ann.client.get("/desk").headers
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "connect-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"


def test_the_one_time_link_works_on_this_machine_only(tmp_path: Path) -> None:
    rooms = make_rooms(tmp_path, people=False)
    link = str(first_look_link(rooms.staff, rooms.settings))
    path = link.removeprefix("http://127.0.0.1:7860")
    with TestClient(rooms.app(), client=("192.0.2.7", 5), follow_redirects=False) as far:
        assert far.get(path).status_code == 403
    with TestClient(rooms.app(), client=("127.0.0.1", 5), follow_redirects=False) as near:
        answer = near.get(path)
        assert answer.headers["location"] == "/desk"
        assert near.get("/desk").status_code == 200
    with TestClient(rooms.app(), client=("127.0.0.1", 5), follow_redirects=False) as again:
        assert again.get(path).status_code == 401
    rooms.staff.engine.dispose()
    open_to_all = make_rooms(tmp_path / "b", people=False, host="0.0.0.0")
    assert first_look_link(open_to_all.staff, open_to_all.settings) is None
    open_to_all.staff.engine.dispose()


def test_nothing_of_staff_is_behind_gradio(rooms: Rooms, tmp_path: Path) -> None:
    site = make_site(rooms.desk, rooms.settings, [rooms.extension])
    secret = "Zebra enquiry nobody may see?"
    with TestClient(site, follow_redirects=False) as client:
        officer = Officer(rooms, client, "ann")
        draft = officer.begin(f"Dear all,\n\n{secret}\n\nRegards,\nKim")
    with TestClient(site, follow_redirects=False) as stranger:
        assert stranger.get(f"/desk/drafts/{draft.id}").status_code == 303
        paths = [
            "/config",
            "/info",
            "/gradio_api/info",
            "/gradio_api/config",
            f"/gradio_api/file={tmp_path}/records.sqlite3",
            f"/file={tmp_path}/records.sqlite3",
            "/gradio_api/call/predict",
            "/gradio_api/run/predict",
            "/gradio_api/monitoring",
            "/gradio_api/desk",
            f"/gradio_api/proxy=http://127.0.0.1:7860/desk/drafts/{draft.id}",
            "/static/../desk",
            "/assets/%2e%2e/desk",
        ]
        for path in paths:
            for method in ("GET", "POST"):
                answer = stranger.request(method, path)
                assert answer.status_code in (303, 401, 404, 405), (method, path)
                assert "Zebra" not in answer.text
        for number in range(8):
            body = {"fn_index": number, "data": ["/desk"], "session_hash": "s"}
            answer = stranger.post("/gradio_api/queue/join", json=body)
            assert "Zebra" not in answer.text
        assert "/desk" not in stranger.get("/").text


def test_an_enquiry_becomes_a_draft_with_everything_recognised(ann: Officer) -> None:
    draft = ann.begin()
    assert (draft.enquiry["sender"], draft.enquiry["outlet"]) == ("Kim Lee", "The Paper")
    questions = [s for s in draft.sections if s.kind == "question"]
    assert [s.outcome for s in questions] == ["answer", "abstention"]
    page = ann.client.get(f"/desk/drafts/{draft.id}").text
    assert "The texts do not say this plainly" in page
    assert "Check the premise" not in page
    for sentence in questions[0].sentences:
        assert sentence.support in ("supported", "partial")
        assert sentence.citations


def test_the_reply_may_be_in_another_language_than_the_enquiry(ann: Officer) -> None:
    draft = ann.begin(language="da")
    assert draft.language == "da"
    assert str(draft.frame["greeting"]) == "Kære Kim Lee"


def test_a_wrong_number_lights_up_while_it_is_typed_and_is_not_kept_by_looking(ann: Officer) -> None:
    draft = ann.begin(LETTER.replace("What does", "Since the 29 May 2000 decision, what does"))
    sentence = next(s for p in draft.sections for s in p.sentences if s.citations)
    base = f"/desk/drafts/{draft.id}/sentences/{sentence.id}"

    def check(text: str, own: bool = False) -> dict[str, object]:
        headers = {"x-csrf-token": ann.csrf}
        answer = ann.client.post(f"{base}/check", json={"text": text, "own_words": own}, headers=headers)
        made: dict[str, object] = answer.json()
        return made

    assert check(sentence.text)["standing"] == sentence.support == "supported"
    wrong = check(f"{sentence.text.rstrip('.')} in 1987.")
    assert wrong["standing"] in ("partial", "unsupported")
    assert wrong["reasons"]
    assert check("We regret this.", own=True)["standing"] == "own words"
    assert ann.draft(draft.id).sentence(sentence.id) == sentence


def test_two_officers_on_one_sentence_neither_overwrites_the_other(ann: Officer, cas: Officer) -> None:
    draft = ann.begin()
    sentence = draft.sections[0].sentences[0]
    path = f"/desk/drafts/{draft.id}/sentences/{sentence.id}"
    assert ann.put(path, text="Ann was here.", own_words=True, seen=1)[0] == 200
    status, body = cas.put(path, text="Cas was here.", own_words=True, seen=1)
    assert (status, body["text"], body["who"], body["revision"]) == (409, "Ann was here.", "Ann", 2)
    answer = cas.client.post(
        path, data={"csrf": cas.csrf, "seen": 1, "text": "Cas was here.", "own_words": 1}
    )
    assert answer.status_code == 409
    assert "Ann was here." in answer.text
    assert "Cas was here." in answer.text
    kept = ann.draft(draft.id).sentence(sentence.id)
    assert kept
    assert kept.text == "Ann was here."


def test_questions_are_reworded_merged_split_moved_and_removed(ann: Officer) -> None:
    draft = ann.begin()
    base = f"/desk/drafts/{draft.id}"

    def questions() -> list[str]:
        return [s.question for s in ann.draft(draft.id).sections if s.kind == "question"]

    def seen() -> int:
        return ann.draft(draft.id).revision

    first = draft.sections[0].id
    one, two = questions()
    ann.post(f"{base}/sections/{first}/place", seen=seen(), how="down")
    assert questions() == [two, one]
    ann.post(f"{base}/sections/{first}/place", seen=seen(), how="up")
    said = [s.text for s in ann.draft(draft.id).sections[0].sentences]
    ann.post(f"{base}/sections/{first}/place", seen=seen(), how="merge")
    assert questions() == [f"{one} {two}"]
    merged = ann.draft(draft.id).sections[0]
    assert [s.text for s in merged.sentences][: len(said)] == said
    ann.post(f"{base}/sections/{merged.id}/split", seen=seen(), first="First?", second=one)
    assert questions() == ["First?", one]
    again = ann.draft(draft.id).sections[0]
    ann.post(f"{base}/sections/{again.id}/reword", seen=seen(), question="Other words?", how="keep")
    assert questions() == ["Other words?", one]
    assert [s.text for s in ann.draft(draft.id).sections[0].sentences][: len(said)] == said
    ann.post(f"{base}/questions", seen=seen(), question="What does the Council say about encryption?")
    assert questions()[-1] == "What does the Council say about encryption?"
    ann.post(f"{base}/sections/{ann.draft(draft.id).sections[0].id}/place", seen=seen(), how="remove")
    assert questions()[0] == one
    stale = ann.client.post(f"{base}/questions", data={"csrf": ann.csrf, "seen": 1, "question": "Late?"})
    assert stale.status_code == 409


def test_a_passage_is_added_exchanged_cited_pinned_and_found_by_searching(ann: Officer) -> None:
    draft = ann.begin()
    section = draft.sections[0]
    base = f"/desk/drafts/{draft.id}/sections/{section.id}"

    def alternatives() -> list[dict[str, object]]:
        held = ann.draft(draft.id).section(section.id)
        assert held
        return [dict(a) for a in held.alternatives]

    def passage(number: int) -> str:
        return str(alternatives()[number]["cited"]["passage"])  # type: ignore[index]

    third = passage(2)
    ann.post(f"{base}/passages", passage=third, how="pin")
    assert (passage(0), alternatives()[0]["pinned"]) == (third, True)
    ann.post(f"{base}/passages", passage=third, how="add")
    added = ann.draft(draft.id).section(section.id).sentences[-1]  # type: ignore[union-attr]
    assert [c["passage"] for c in added.citations] == [third]
    ann.post(f"{base}/passages", passage=passage(1), how="cite", into=f"{added.id}:1")
    cited = ann.draft(draft.id).sentence(added.id)
    assert cited
    assert len(cited.citations) == 2
    assert cited.text == added.text
    ann.post(f"{base}/passages", passage=passage(1), how="exchange", into=f"{added.id}:2")
    exchanged = ann.draft(draft.id).sentence(added.id)
    assert exchanged
    assert [c["passage"] for c in exchanged.citations] == [passage(1)]
    assert exchanged.text != added.text
    ann.post(f"{base}/search", query="Europol cybercrime centre")
    assert alternatives()[0]["pinned"] is True
    assert alternatives()[1]["rank"] == 0
    page = ann.client.get(f"/desk/drafts/{draft.id}").text
    assert "Found by hand" in page
    assert "Rank 1," in page
    ann.post(f"{base}/reword".replace("/sections/", "/sections/"), seen=draft.revision, question="Europol?")
    new = next(s for s in ann.draft(draft.id).sections if s.question == "Europol?")
    assert new.alternatives[0]["pinned"] is True


def test_an_unsupported_sentence_stays_only_as_our_own_words(ann: Officer) -> None:
    draft = ann.begin()
    sentence = draft.sections[0].sentences[0]
    path = f"/desk/drafts/{draft.id}/sentences/{sentence.id}"
    _, kept = ann.put(path, text="Fishing quotas rise every spring.", seen=1)
    assert kept["standing"] == "unsupported"
    step = {"csrf": ann.csrf, "seen": str(draft.revision), "to": "in review"}
    refused = ann.client.post(f"/desk/drafts/{draft.id}/step", data=step)
    assert refused.status_code == 400
    assert "Fishing quotas rise every spring." in refused.text
    _, kept = ann.put(path, text="Fishing quotas rise every spring.", own_words=True, seen=2)
    assert kept["standing"] == "own words"
    ann.post(f"/desk/drafts/{draft.id}/step", seen=draft.revision, to="in review")
    assert ann.client.get(f"/desk/drafts/{draft.id}/export.json").json()["parts"][0]["sentences"][0][
        "support"
    ] == ("own words")


def test_a_reply_is_approved_sent_and_found_again_and_its_documents_hold(
    ann: Officer, bob: Officer, tmp_path: Path
) -> None:
    draft = ann.begin()
    base = f"/desk/drafts/{draft.id}"
    ann.post(f"{base}/step", seen=draft.revision, to="in review")
    bob.post(f"{base}/step", seen=draft.revision + 1, to="approved")
    refused, _ = ann.put(f"{base}/sentences/{draft.sections[0].sentences[0].id}", text="X", seen=1)
    assert refused == 400
    for kind in ("docx", "html", "md", "pdf", "json"):
        answer = ann.client.get(f"{base}/export.{kind}")
        path = tmp_path / f"out.{kind}"
        path.write_bytes(answer.content)
        sheet, problems = verify_file(path, library())
        assert problems == (), kind
        assert sheet.approval is not None
        assert (sheet.approval.by, sheet.state, sheet.version) == ("Bob", "approved", 1)
    ann.post(f"{base}/step", seen=draft.revision + 2, to="sent")
    found = ann.client.get("/desk?q=prevention council").text
    assert f'<a href="{base}">' in found[found.index("Search past replies") :]
    ann.post(f"{base}/step", seen=draft.revision + 3, to="draft")
    sentence = draft.sections[0].sentences[0]
    ann.put(f"{base}/sentences/{sentence.id}", text="A quite new sentence.", own_words=True, seen=1)
    page = ann.client.get(f"{base}/versions").text
    assert "<ins>" in page
    assert "quite" in page
    old = ann.client.get(f"{base}/export.json?version=1").json()
    assert sentence.text in [s["text"] for p in old["parts"] for s in p["sentences"]]
    trail = ann.client.get(f"{base}/trail").text
    for said in ("draft made", "now approved", "now sent", "sentence changed", "A quite new sentence."):
        assert said in trail


def test_a_text_that_changed_after_approval_is_pointed_out(
    rooms: Rooms, ann: Officer, bob: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from tests.drafting.corpus_assistant import CorpusAssistant, CorpusLibrary

    draft = ann.begin()
    base = f"/desk/drafts/{draft.id}"
    ann.post(f"{base}/step", seen=draft.revision, to="in review")
    bob.post(f"{base}/step", seen=draft.revision + 1, to="approved")
    assert "A quoted text changed" not in ann.client.get("/desk").text
    sheet = Sheet.model_validate(ann.client.get(f"{base}/export.json").json())
    cited = sheet.citations[0]
    document = library().document(cited.document)
    start = cited.spans[0][0]
    text = document.text[:start] + "Z" + document.text[start + 1 :]
    changed = replace(document, text=text, sha256="f" * 64)

    class Changed(CorpusAssistant):
        @property
        def library(self) -> CorpusLibrary:
            return replace(library(), held={**library().held, document.id: changed})

    monkeypatch.setattr(rooms.desk, "_service", Changed())
    assert "A quoted text changed" in ann.client.get("/desk").text
    page = ann.client.get(base).text
    assert "The texts have changed since this was written" in page
    assert "the text reads otherwise" in page


def test_the_house_style_is_changed_for_new_replies_and_never_overwritten_unseen(
    ann: Officer, cas: Officer
) -> None:
    ann.post("/desk/house/en/greeting", text="Hello {name}!", seen=0)
    assert ann.begin().frame["greeting"] == "Hello Kim Lee!"
    late = cas.client.post("/desk/house/en/greeting", data={"csrf": cas.csrf, "text": "Hi", "seen": "0"})
    assert late.status_code == 409
    assert "Hello {name}!" in late.text


def test_the_frame_is_edited_and_marked_for_attribution_or_not(ann: Officer) -> None:
    draft = ann.begin()
    ann.post(
        f"/desk/drafts/{draft.id}/frame",
        seen=draft.revision,
        title="New title",
        greeting="Hi",
        background="",
        contact="C",
        attribution="not for attribution",
        language="en",
    )
    sheet = ann.client.get(f"/desk/drafts/{draft.id}/export.json").json()
    assert (sheet["title"], sheet["greeting"], sheet["background"]) == ("New title", "Hi", "")
    assert sheet["attribution"] == "not for attribution"
    assert "not for attribution" in sheet["attribution_text"]


def test_words_of_an_enquiry_are_never_markup(ann: Officer) -> None:
    draft = ann.begin(
        "Dear <script>alert(1)</script>,\n\nWhat does <b>the Council</b> say about prevention?\n"
    )
    page = ann.client.get(f"/desk/drafts/{draft.id}").text
    assert "<script>alert" not in page
    assert "<b>the Council" not in page


def test_uploads_may_be_larger_than_questions_but_not_without_end(ann: Officer) -> None:
    letter = LETTER.encode() + b" " * 400_000
    headers = {"x-csrf-token": ann.csrf}
    answer = ann.client.post("/desk/enquiries", files={"file": ("a.docx", letter)}, headers=headers)
    assert answer.status_code == 400
    assert "damaged" in answer.text
    answer = ann.client.post("/desk/enquiries", files={"file": ("a.docx", b"x" * 6_000_000)}, headers=headers)
    assert answer.status_code == 413


def test_an_unknown_draft_is_told_in_words(ann: Officer) -> None:
    answer = ann.client.get("/desk/drafts/none")
    assert answer.status_code == 400
    assert "There is no draft" in answer.text


def test_a_site_without_staff_rooms_has_none(rooms: Rooms) -> None:
    with TestClient(create_app(rooms.desk, rooms.settings), follow_redirects=False) as client:
        assert client.get("/desk").status_code == 404
        assert client.get("/staff/sign-in").status_code == 404


def test_every_staff_page_names_the_token_once_signed_in(ann: Officer) -> None:
    assert csrf_of(ann.client.get("/desk/house").text) == ann.csrf
