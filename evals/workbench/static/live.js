// Keeps parts of a page up to date: fetches data-live every data-seconds and shows it where it has changed.
// What a person is in the middle of (focus inside, page in the background) is left alone.
(() => {
  for (const part of document.querySelectorAll("[data-live]")) {
    let last = null;
    const again = async () => {
      if (document.hidden || part.matches(":focus-within")) return;
      let response;
      try {
        response = await fetch(part.dataset.live, { credentials: "same-origin", redirect: "error" });
      } catch {
        return;
      }
      if (!response.ok) return;
      const text = await response.text();
      if (text === last) return;
      last = text;
      part.innerHTML = text;
      if (part.querySelector("[data-reload]")) location.reload();
    };
    setInterval(again, 1000 * Number(part.dataset.seconds || 4));
  }
})();
