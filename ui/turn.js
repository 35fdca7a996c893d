// One question with its answer on the page, and everything that can be done with it.
const FORMATS = {
  markdown: ["Markdown", "md", "text/markdown"],
  text: ["Plain text", "txt", "text/plain"],
  bibtex: ["BibTeX", "bib", "application/x-bibtex"],
  ris: ["RIS", "ris", "application/x-research-info-systems"],
};
const REASONS = ["Wrong", "Does not answer the question", "Hard to understand", "Something is missing", "Out of date", "Other"];

function button(text, run, properties = {}) {
  const made = el("button", { type: "button", textContent: text, ...properties });
  made.addEventListener("click", () => run(made));
  return made;
}

function turnElement(question) {
  const element = el("article", { className: "turn" });
  element.append(
    el("h2", { className: "question", textContent: question }),
    el("div", { className: "answer" }),
    el("div", { className: "after" }),
  );
  return element;
}

// Puts a finished turn into its element: the answer, what it rests on, what can be done with it, what to ask next.
function finish(element, turn) {
  element.dataset.collection = turn.collection ?? "";
  fill($(".answer", element), turn.html);
  const after = $(".after", element);
  after.replaceChildren(el("p", { className: "summary", textContent: turn.summary }), actions(element, turn));
  after.append(el("div", { className: "next" }));
  suggest(element, turn.next ?? []);
}

function suggest(element, questions) {
  const next = $(".next", element);
  next.replaceChildren();
  if (!questions.length) return;
  const items = questions.map((text) => {
    const ask = el("button", { type: "button", textContent: text });
    ask.dataset.ask = text;
    return el("li", {}, ask);
  });
  const heading = $(".message", element) ? "The sources can answer" : "Ask next";
  next.append(el("h3", { textContent: heading }), el("ul", {}, ...items));
}

function actions(element, turn) {
  const row = el("div", { className: "actions" });
  const take = el("details", { className: "take" }, el("summary", { textContent: "Download" }));
  const forms = Object.entries(FORMATS).filter(([name]) => turn.exports?.[name]);
  take.append(el("div", {}, ...forms.map(([name, [label, ending, kind]]) =>
    button(label, () => download(turn.exports[name], `answer.${ending}`, kind)))));
  row.append(
    button("Copy", (self) => copy(turn.exports.markdown, self)),
    take,
    button("Print", () => print(element)),
    button("Copy link", (self) => copy(linkTo(turn), self)),
    button("Ask again", () => chat.again(element), { className: "again" }),
    button("Edit", () => chat.edit(element), { className: "edit" }),
    button("Helpful", (self) => comment(element, turn, true, self)),
    button("Not helpful", (self) => comment(element, turn, false, self)),
  );
  return row;
}

function linkTo(turn) {
  const link = new URL(location.href);
  const from = collections.chooser() && turn.collection ? { collection: turn.collection } : {};
  link.search = new URLSearchParams({ q: turn.question, ...from });
  link.hash = "";
  return link.href;
}

async function copy(text, from) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = el("textarea", { value: text, className: "unseen" }); // no clipboard without https: the old way
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
  const before = from.textContent;
  from.textContent = "Copied";
  say("Copied");
  setTimeout(() => (from.textContent = before), 1500);
}

function download(text, name, kind) {
  const link = el("a", { href: URL.createObjectURL(new Blob([text], { type: kind })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function print(element) {
  element.classList.add("printed");
  document.body.classList.add("printing");
  window.print();
  document.body.classList.remove("printing");
  element.classList.remove("printed");
}

// Asks for the reason; nothing leaves the page before the reader agrees and sends it.
function comment(element, turn, helpful, from) {
  $(".comment", element)?.remove();
  const reason = el("select", {}, el("option", { value: "", textContent: "choose" }),
    ...REASONS.map((text) => el("option", { value: text, textContent: text })));
  const remark = el("input", { maxLength: 1000, placeholder: "optional" });
  const consent = el("input", { type: "checkbox", required: true });
  const form = el("form", { className: "comment" });
  if (!helpful) form.append(el("label", {}, "What was wrong? ", reason));
  form.append(
    el("label", {}, "Remark ", remark),
    el("label", { className: "line" }, consent,
      " Keep my question, this answer and my remark in a file on the machine that runs this chat"),
    el("p", { className: "row" }, el("button", { className: "primary", textContent: "Send" }),
      button("Cancel", () => { form.remove(); from.focus(); })),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const entry = { helpful, reason: reason.value, remark: remark.value, consent: consent.checked };
    const told = await call("page_feedback", { ...entry, question: turn.question, answer: turn.text, cited: turn.cited, collection: turn.collection })
      .then((answer) => answer.told, (error) => error.message);
    form.replaceWith(el("p", { className: "summary", textContent: told }));
    say(told);
  });
  $(".actions", element).after(form);
  $("select, input", form).focus();
}
