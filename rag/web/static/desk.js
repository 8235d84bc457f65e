// The press desk: each sentence is judged while it is typed and kept a moment later, by itself.
// Without this script every button still works; this only saves pressing them.
"use strict";
(() => {
  const csrf = document.querySelector("meta[name=csrf]")?.content ?? "";
  for (const form of document.querySelectorAll("form")) {
    form.addEventListener("submit", (event) => {
      const busy = event.submitter?.dataset.busy;
      if (busy) { event.submitter.textContent = busy; event.submitter.setAttribute("aria-busy", "true"); }
    });
  }
  const draft = document.querySelector("[data-draft]")?.dataset.draft;
  if (!draft) return;
  if (location.hash) {
    let target = document.getElementById(location.hash.slice(1));
    target = target?.closest("details") ?? target;
    if (target?.tagName === "DETAILS") target.open = true;
  }
  const kept = document.getElementById("kept");
  const WAIT_TO_JUDGE = 300, WAIT_TO_KEEP = 1200;
  let waiting = 0;

  const call = async (method, path, body) => {
    const answer = await fetch(`/desk/drafts/${draft}/${path}`, {
      method, headers: { "content-type": "application/json", "x-csrf-token": csrf, accept: "application/json" },
      body: JSON.stringify(body), keepalive: true,
    });
    return { status: answer.status, body: await answer.json().catch(() => ({})) };
  };

  const unkept = new Set(), keepers = new Map();
  // A button pressed while words are not kept yet waits until they are.
  document.addEventListener("submit", (event) => {
    if (!unkept.size) return;
    event.preventDefault();
    const { target, submitter } = event;
    Promise.all([...unkept].map((id) => keepers.get(id)())).then(() => { if (!unkept.size) target.requestSubmit(submitter); });
  });
  for (const article of document.querySelectorAll("[data-sentence]")) {
    const form = article.querySelector("form");
    const box = form.querySelector("textarea");
    const own = form.elements.own_words;
    const seen = form.elements.seen;
    if (box.readOnly || !own) continue;
    const id = article.dataset.sentence;
    const conflict = article.querySelector(".conflict");
    let held = box.value, heldOwn = own.checked, judging, keeping;

    const show = (standing, reasons) => {
      const badge = article.querySelector(".standing .badge");
      badge.textContent = standing;
      badge.className = `badge ${standing.replace(" ", "-")}`;
      article.className = `sentence ${standing.replace(" ", "-")}`;
      article.querySelector(".reasons").textContent = reasons.join("; ");
    };
    const judge = async () => {
      const text = box.value;
      const { status, body } = await call("POST", `sentences/${id}/check`, { text, own_words: own.checked });
      if (status === 200 && text === box.value) show(body.standing, body.reasons);
    };
    let going = Promise.resolve();
    const keep = () => (going = going.then(keepOnce));
    keepers.set(id, keep);
    const keepOnce = async () => {
      clearTimeout(keeping);
      const text = box.value, ownWords = own.checked;
      if ((text === held && ownWords === heldOwn) || !text.trim()) { unkept.delete(id); return; }
      waiting += 1;
      kept.textContent = "Saving…";
      try {
        const { status, body } = await call("PUT", `sentences/${id}`, { text, own_words: ownWords, seen: Number(seen.value) });
        if (status === 200) {
          held = text; heldOwn = ownWords;
          for (const field of article.querySelectorAll("input[name=seen]")) field.value = body.revision;
          for (const option of document.querySelectorAll(`option[value^="${id}:"]`)) option.value = `${id}:${body.revision}`;
          if (box.value === text) { show(body.standing, body.reasons); unkept.delete(id); }
          kept.textContent = "Everything is saved.";
        } else if (status === 409) {
          meet(body);
        } else {
          kept.textContent = `Not saved: ${body.error ?? `error ${status}`}`;
        }
      } catch {
        kept.textContent = "Not saved: the server cannot be reached. Trying again.";
        keeping = setTimeout(keep, 3000);
      } finally { waiting -= 1; }
    };
    const meet = ({ who, text, revision }) => {
      kept.textContent = "Not saved: a colleague changed this sentence.";
      conflict.hidden = false;
      conflict.replaceChildren();
      const said = document.createElement("p");
      said.textContent = `${who} changed this sentence in the meantime. It now reads:`;
      const theirs = document.createElement("blockquote");
      theirs.textContent = text;
      const mine = document.createElement("button"), yours = document.createElement("button");
      mine.type = yours.type = "button";
      mine.textContent = "Keep my words";
      yours.textContent = "Keep theirs";
      yours.className = "quiet";
      mine.addEventListener("click", () => { seen.value = revision; conflict.hidden = true; held = null; keep(); });
      yours.addEventListener("click", () => location.reload());
      conflict.append(said, theirs, mine, " ", yours);
      conflict.setAttribute("role", "alert");
    };
    const touched = () => {
      unkept.add(id);
      clearTimeout(judging); clearTimeout(keeping);
      judging = setTimeout(judge, WAIT_TO_JUDGE);
      keeping = setTimeout(keep, WAIT_TO_KEEP);
    };
    box.addEventListener("input", touched);
    own.addEventListener("change", touched);
    box.addEventListener("blur", () => { clearTimeout(keeping); keep(); });
  }
  addEventListener("beforeunload", (event) => { if (waiting || unkept.size) event.preventDefault(); });
})();
