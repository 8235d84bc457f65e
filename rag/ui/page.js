() => {
  // What Gradio leaves to do for people who use a keyboard or a screen reader.
  const root = document.documentElement;
  const language = () => document.querySelector("meta[name=interface-language]")?.content ?? "en";
  const label = (id, attributes) => {
    const element = document.getElementById(id);
    if (element) for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  };
  const quiet = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const mark = () => {
    document.querySelector("main.contain")?.setAttribute("role", "presentation");
    label("main", { role: "main", tabindex: "-1" });
    label("status", { role: "status", "aria-live": "polite" });
    label("conversation", { "aria-live": "off" });
    for (const code of ["en", "nl", "da"]) {
      document.querySelectorAll(`button.in-${code}`).forEach((button) => button.setAttribute("lang", code));
      document.querySelectorAll(`#language input[value="${code}"]`).forEach((input) => input.closest("label")?.setAttribute("lang", code));
    }
  };
  // The answer that is, or was, shown sentence by sentence: its place on the page is found once, at its first sentence.
  let grown = null;
  const bring = (question) => question.scrollIntoView({ block: "start", behavior: quiet() ? "auto" : "smooth" });
  const watch = () => {
    new MutationObserver(() => {
      const turn = document.querySelector("#conversation .turn.growing");
      if (!turn || turn.id === grown) return;
      grown = turn.id;
      bring(turn.querySelector("h2.question"));
    }).observe(document.getElementById("conversation"), { childList: true, subtree: true });
  };
  const writing = () => document.querySelector("#question textarea, #question input")?.value;
  window.rules = {
    language,
    // Gradio names a language of its own on the page once it has started.
    ready() { root.lang = language(); mark(); watch(); root.dataset.ready = "yes"; },
    focus() { document.querySelector("#question textarea, #question input")?.focus(); },
    speak(language) {
      root.lang = language;
      const url = new URL(window.location);
      url.searchParams.set("lang", language);
      window.history.replaceState(null, "", url);
      mark();
    },
    // The newest question is brought to the top of the window; the focus goes to it, so that reading on reads the answer.
    // Whoever read along, or is writing on already, is not moved.
    show() {
      const turns = document.querySelectorAll("#conversation .turn h2.question");
      const last = turns[turns.length - 1];
      if (!last) return;
      const readAlong = last.closest(".turn").id === grown;
      grown = null;
      if (!readAlong) bring(last);
      if (!readAlong || !writing()) last.focus({ preventScroll: true });
    },
  };
  mark();
}
