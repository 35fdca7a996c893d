// Settings, dialogs and keyboard shortcuts.
const LISTS = ["phenotypes", "kinds", "regions"];

const settings = {
  // What goes with each question.
  sent() {
    const { theme, ...rest } = settings.read();
    return rest;
  },

  read() {
    const form = $("#settings form");
    const lists = LISTS.map((name) => [name, $$(`[data-list=${name}] :checked`, form).map((box) => box.value)]);
    const { since, answers, theme, model } = form.elements; // "length" is how many there are
    return {
      collection: collections.chosen(),
      ...Object.fromEntries(lists),
      since: since.value ? Number(since.value) : null,
      length: answers.value,
      theme: theme.value,
      model: model.checked,
    };
  },

  restore(saved) {
    const form = $("#settings form");
    form.reset();
    if (collections.has(saved.collection)) form.elements.collection.value = saved.collection;
    for (const name of LISTS)
      $$(`[data-list=${name}] input`, form).forEach((box) => (box.checked = saved[name]?.includes(box.value) ?? false));
    form.elements.since.value = saved.since ?? "";
    form.elements.answers.value = saved.length ?? "medium";
    form.elements.theme.value = saved.theme ?? "system";
    form.elements.model.checked = saved.model ?? true;
    settings.apply();
    if (collections.chosen() === collections.shown) collections.stay();
    else settings.follow(saved);
  },

  // Takes the page to the collection that is chosen now; what was set for it holds as far as it can be set there.
  async follow(wanted = settings.read()) {
    await collections.move(collections.chosen());
    if (collections.moving) return; // on the way to yet another one
    settings.restore({ ...wanted, collection: collections.chosen() });
  },

  apply() {
    const now = settings.read();
    const theme = now.theme === "system" ? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light") : now.theme;
    document.documentElement.dataset.theme = theme;
    const told = [...now.phenotypes, ...now.kinds, ...now.regions, ...(now.since ? [`since ${now.since}`] : [])];
    $("#filters-on").hidden = !told.length;
    $("#filters-on span").textContent = `Only: ${told.join(", ")}`;
    store.saveSettings(now);
  },

  clearFilters() {
    settings.restore({ ...settings.read(), phenotypes: [], kinds: [], regions: [], since: null });
    $("#question").focus();
  },
};

function listEarlier() {
  const chats = store.chats();
  const items = chats.map((saved) => el("li", {},
    button(saved.turns[0].question, () => { $("#earlier").close(); chat.start(saved); }, { className: "open" }),
    el("span", { className: "meta", textContent: new Date(saved.at).toLocaleString() }),
    button("Forget", () => { store.forget(saved.id); listEarlier(); }, { ariaLabel: `Forget ${saved.turns[0].question}` })));
  $("#earlier-list").replaceChildren(...(items.length ? items : [el("li", { textContent: "There are none yet." })]));
}

function openDialog(name) {
  if (name === "earlier") listEarlier();
  $(`#${name}`).showModal();
}

const SHORTCUTS = {
  KeyQ: () => { showView("ask"); },
  KeyN: () => chat.start(),
  KeyV: () => changeView($("#view-ask").hidden ? "ask" : "evidence"),
  KeyR: () => chat.last() && present.turns.length && chat.again(chat.last()),
};

function onKey(event) {
  if (event.key === "Escape" && !$("dialog[open]")) {
    if (!$("#tip").hidden) hideTip();
    else if (running) chat.stop();
    else if (edited) { chat.stopEditing(); $("#question").value = ""; }
    else if (panel.isOpen()) panel.close();
  }
  const run = event.altKey && !event.ctrlKey && !event.metaKey && SHORTCUTS[event.code];
  if (run) {
    event.preventDefault();
    run();
  }
}

function listenToSettings() {
  $("#settings form").addEventListener("input", settings.apply);
  collections.chooser()?.addEventListener("change", () => settings.follow());
  $("#reset-settings").addEventListener("click", () => settings.restore({}));
  $("#clear-filters").addEventListener("click", settings.clearFilters);
  $("#forget-all").addEventListener("click", () => { store.forgetAll(); listEarlier(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", settings.apply);
  document.addEventListener("keydown", onKey);
}
