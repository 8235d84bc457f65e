// Filters the list of failing cases; without it the whole list stands there.
(() => {
  const form = document.getElementById("filters");
  const cases = [...document.querySelectorAll("#cases > li[data-kinds]")];
  const count = document.getElementById("count");
  if (!cases.length) return;
  form.hidden = false;
  const apply = () => {
    const { kind, language, words } = Object.fromEntries(new FormData(form));
    const wanted = words.trim().toLowerCase();
    let left = 0;
    for (const one of cases) {
      const fits =
        (!kind || one.dataset.kinds.split("|").includes(kind)) &&
        (!language || one.dataset.language === language) &&
        (!wanted || one.textContent.toLowerCase().includes(wanted));
      one.hidden = !fits;
      left += fits;
    }
    count.textContent = `${left} of ${cases.length} cases`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
})();
