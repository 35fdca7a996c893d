// The collections of the index: which one is asked, and the way from one to another. Without a chooser there is one.
const FILTERS = { drug: "drugs", form: "forms", kind: "kinds", region: "regions" };
const BOXES = { form: "phenotypes", kind: "kinds", region: "regions" };

const collections = {
  shown: "", // the one that the filters on the page belong to
  moving: null, // the one that is being opened
  chooser: () => $("#settings [name=collection]"),
  chosen: () => collections.chooser()?.value ?? "",
  has: (name) => [...(collections.chooser()?.options ?? [])].some((option) => option.value === name),

  // Begins with the collection that a link names, else the one remembered, else the server's own.
  async begin(linked, remembered) {
    const wanted = [linked, remembered].find((name) => name && collections.has(name));
    if (linked && wanted !== linked)
      collections.tell(`The link names the collection “${linked}”, which is not here. Another one is asked.`, "error");
    if (wanted) await collections.move(wanted);
  },

  // Opens a collection; the one before stays when that fails. What is being answered meanwhile goes on.
  async move(name) {
    const chooser = collections.chooser();
    if (!chooser || (name === collections.shown && !collections.moving)) return;
    chooser.value = name;
    collections.moving = name;
    try {
      for await (const message of stream("page_collection", [name])) {
        if (message.error) throw new Error(message.error);
        if (collections.moving !== name) return; // the reader has chosen another one meanwhile
        if (message.stage) collections.tell(message.stage, "stage");
        if (message.done) collections.arrive(message);
      }
    } catch (error) {
      if (collections.moving !== name) return;
      chooser.value = collections.shown;
      collections.moving = null;
      collections.tell(error.message, "error");
    }
  },

  // The reader stays after all.
  stay() {
    if (!collections.moving) return;
    collections.moving = null;
    collections.tell("");
  },

  arrive({ collection, choices, held }) {
    collections.shown = collection;
    collections.moving = null;
    collections.tell("");
    $("#held").textContent = held;
    for (const [name, field] of Object.entries(FILTERS)) offer($("#evidence-filters").elements[field], choices[name]);
    for (const form of [$("#evidence-filters"), $("#settings form")]) offer(form.elements.since, choices.year);
    for (const [name, list] of Object.entries(BOXES)) offerBoxes($(`#settings [data-list=${list}]`), choices[name]);
    evidence.forget();
  },

  tell(text, kind = "stage") {
    $$(".loading").forEach((place) => {
      place.hidden = !text;
      place.className = `loading ${kind}`;
      place.textContent = text;
    });
    if (text) say(text);
  },
};

// The choices of a list below its first entry, which stands for all; what was chosen stays where it is still there.
function offer(select, values) {
  const chosen = select.value;
  select.replaceChildren(select.options[0], ...values.map((value) => el("option", { value, textContent: value })));
  select.value = values.includes(chosen) ? chosen : "";
}

function offerBoxes(place, values) {
  const chosen = $$(":checked", place).map((box) => box.value);
  place.replaceChildren(...values.map((value) =>
    el("label", { className: "line" }, el("input", { type: "checkbox", value, checked: chosen.includes(value) }), ` ${value}`)));
}
