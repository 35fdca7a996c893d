// The evidence view: sources, forest plot and timeline behind the same filters.
const COUNTED = { table: "sources", forest: "results", timeline: "events" };
const NUMERIC = new Set([0, 5]); // columns that sort as numbers

const evidence = {
  parts: null,
  part: "table",

  async load() {
    if (evidence.parts) return;
    const name = collections.chosen();
    try {
      const parts = await call("page_evidence", name);
      if (name !== collections.chosen()) return; // another one was chosen meanwhile and loads its own
      evidence.parts = parts;
      $("#evidence-body").dataset.collection = name;
      evidence.draw();
    } catch (error) {
      $("#evidence-body").replaceChildren(el("p", { className: "error", textContent: error.message }));
    }
  },

  // Another collection is asked now.
  forget() {
    evidence.parts = null;
    $("#evidence-body").replaceChildren(el("p", { className: "stage", textContent: "Loading the sources …" }));
    if (!$("#view-evidence").hidden) evidence.load();
  },

  choose(part) {
    evidence.part = part;
    $$("[data-part]").forEach((tab) => tab.setAttribute("aria-pressed", String(tab.dataset.part === part)));
    if (evidence.parts) evidence.draw();
  },

  draw() {
    fill($("#evidence-body"), evidence.parts[evidence.part]);
    evidence.filter();
  },

  filter() {
    const wanted = Object.fromEntries(new FormData($("#evidence-filters")));
    const words = wanted.words.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = $$("#evidence-body [data-words]");
    const shown = rows.filter((row) => {
      row.hidden = !fits(row.dataset, wanted, words);
      return !row.hidden;
    });
    $$("#evidence-body .year").forEach((year) => (year.hidden = !$("[data-words]:not([hidden])", year)));
    $("#evidence-count").textContent = `${shown.length} of ${rows.length} ${COUNTED[evidence.part]}`;
  },

  sort(button) {
    const column = Number(button.dataset.column);
    const head = button.closest("th");
    const down = head.getAttribute("aria-sort") === "ascending";
    $$("th", head.parentElement).forEach((other) => other.setAttribute("aria-sort", "none"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const value = (row) => row.cells[column].innerText;
    const order = NUMERIC.has(column) ? (a, b) => a - b : (a, b) => a.localeCompare(b);
    const body = $("#evidence-body tbody");
    const rows = [...body.rows].sort((a, b) => order(value(a), value(b)) * (down ? -1 : 1));
    body.append(...rows);
  },
};

function fits(data, wanted, words) {
  const lists = ["drugs", "forms", "kinds", "regions"];
  return lists.every((name) => !wanted[name] || data[name].split("|").includes(wanted[name]))
    && (!wanted.since || Number(data.year) >= Number(wanted.since))
    && words.every((word) => `${data.words} ${data.drugs} ${data.forms}`.toLowerCase().includes(word));
}

function listenToEvidence() {
  const form = $("#evidence-filters");
  form.addEventListener("input", evidence.filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(evidence.filter));
}
