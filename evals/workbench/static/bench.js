// Rating by keyboard: 1 to 5 press the labels' buttons, W goes to the reason, Escape leaves it, B and N follow
// the links back and on. Keys can be switched off (they may be in the way of speech input); the choice is remembered.
(() => {
  const form = document.getElementById("rating");
  const choice = document.getElementById("keys");
  const why = document.getElementById("why");
  const SETTLE_MS = 350; // a key pressed twice in haste must not rate the next claim too
  const opened = performance.now();
  let sent = false;

  const remembered = () => { try { return localStorage.getItem("workbench-keys"); } catch { return null; } };
  const remember = (value) => { try { localStorage.setItem("workbench-keys", value); } catch { /* private mode */ } };

  if (choice) {
    choice.closest(".keys").hidden = false;
    choice.checked = remembered() !== "off";
    choice.addEventListener("change", () => remember(choice.checked ? "on" : "off"));
  }
  if (form) {
    form.addEventListener("submit", (event) => {
      if (sent) event.preventDefault();
      sent = true;
    });
    window.addEventListener("pageshow", () => { sent = false; });
  }
  const typing = (element) => element.matches("textarea, input:not([type=checkbox]):not([type=radio])");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && why && event.target === why) {
      why.blur();
      return;
    }
    const off = choice ? !choice.checked : remembered() === "off";
    if (off || event.repeat || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (performance.now() - opened < SETTLE_MS) return;
    if (event.key.toLowerCase() === "w" && why) {
      event.preventDefault();
      why.focus();
      return;
    }
    const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
  });
})();
