// Copies the passage's address; without scripts the address can still be selected and copied.
(() => {
  const field = document.getElementById("share");
  const button = document.getElementById("copy");
  const status = document.getElementById("copy-status");
  if (!field || !button) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy");
    }
    status.textContent = button.dataset.done;
    const label = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; status.textContent = ""; }, 2500);
  });
})();
