// The evidence panel, the little window that shows a quote, and which view is open. The back button undoes each step.
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const scrollTo = (element, block = "nearest") => element.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block });

function el(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// Fragments come from our server, which escapes every text in them.
function fill(element, html) {
  element.innerHTML = html;
  return element;
}

function say(text) {
  $("#status").textContent = text;
}

let opener = null; // where the focus returns when the panel is closed
let wait = null; // the pending hiding of the quote

const panel = {
  isOpen: () => !$("#panel").hidden,

  show(title, content, from) {
    if (from) opener = from;
    if (from) $("#panel-body").dataset.collection = from.closest("[data-collection]")?.dataset.collection ?? "";
    hideTip();
    $("#panel-title").textContent = title;
    $("#panel-body").replaceChildren(...content);
    $("#panel-body").scrollTop = 0;
    if (!panel.isOpen()) history.pushState({ ...history.state, panel: true }, "");
    panel.reveal(true);
  },

  reveal(open) {
    $("#panel").hidden = !open;
    $("#msqa").classList.toggle("with-panel", open);
    if (!open && opener?.isConnected) opener.focus();
    if (!open) $$("[aria-current=true]").forEach((mark) => mark.removeAttribute("aria-current"));
  },

  close() {
    if (history.state?.panel) history.back();
    else panel.reveal(false);
  },

  // All sources of one answer, the selected one in view.
  showCard(mark) {
    const turn = mark.closest(".turn");
    const cards = $$(".cards .card", turn).map((card) => card.cloneNode(true));
    const chosen = cards[Number(mark.dataset.place)];
    if (!chosen) return;
    panel.show("Evidence", cards, mark);
    $$(".mark", turn).forEach((other) => other.removeAttribute("aria-current"));
    $$(`.mark[data-place="${mark.dataset.place}"]`, turn).forEach((same) => same.setAttribute("aria-current", "true"));
    chosen.classList.add("chosen");
    const heading = $("h3", chosen);
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    $("#panel-body").scrollTop = chosen.offsetTop - $("#panel-body").offsetTop - 8;
  },

  async showDocument(button) {
    const { key, start = "0", end = "0" } = button.dataset;
    panel.show("Document", [el("p", { className: "stage", textContent: "Opening the document …" })], button.closest("#panel") ? null : button);
    try {
      const { html } = await call("page_open", key, Number(start), Number(end), $("#panel-body").dataset.collection);
      fill($("#panel-body"), html);
      const marked = $("#panel-body mark");
      $("#panel-body").scrollTop = marked ? marked.offsetTop - $("#panel-body").offsetTop - 160 : 0;
    } catch (error) {
      $("#panel-body").replaceChildren(el("p", { className: "error", textContent: error.message }));
    }
    $("#panel-title").focus({ preventScroll: true });
  },
};

function showTip(mark) {
  clearTimeout(wait);
  const card = $$(".cards .card", mark.closest(".turn"))[Number(mark.dataset.place)];
  const tip = $("#tip");
  if (!card) return;
  const section = $(".where", card).textContent;
  tip.replaceChildren(
    el("q", { textContent: $("mark", card).textContent }),
    el("span", { className: "meta", textContent: `${$("h3", card).textContent}. ${section}` }),
  );
  tip.hidden = false;
  mark.setAttribute("aria-describedby", "tip");
  const at = mark.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left - 20), innerWidth - tip.offsetWidth - 8);
  const below = at.bottom + tip.offsetHeight + 8 < innerHeight;
  tip.style.left = `${left}px`;
  tip.style.top = `${below ? at.bottom + 4 : Math.max(4, at.top - tip.offsetHeight - 4)}px`;
}

function hideTip() {
  clearTimeout(wait);
  $("#tip").hidden = true;
  $$("[aria-describedby=tip]").forEach((mark) => mark.removeAttribute("aria-describedby"));
}

function showView(name, focus = true) {
  for (const view of ["ask", "evidence"]) $(`#view-${view}`).hidden = view !== name;
  $$("[data-view]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.view === name)));
  if (name === "evidence") evidence.load();
  if (focus) $(name === "ask" ? "#question" : "#view-evidence h2").focus();
}

function changeView(name) {
  if (history.state?.view === name && !history.state?.panel) return;
  panel.reveal(false);
  history.pushState({ view: name }, "");
  showView(name);
}

function listenToPanel(root) {
  root.addEventListener("mouseover", (event) => {
    const mark = event.target.closest(".mark");
    if (mark) showTip(mark);
    else if (event.target.closest("#tip")) clearTimeout(wait);
  });
  root.addEventListener("mouseout", (event) => {
    if (event.target.closest(".mark, #tip")) wait = setTimeout(hideTip, 250);
  });
  root.addEventListener("focusin", (event) => {
    if (event.target.matches(".mark:focus-visible")) showTip(event.target);
  });
  root.addEventListener("focusout", (event) => {
    if (event.target.matches(".mark")) hideTip();
  });
  $("#close-panel").addEventListener("click", panel.close);
  addEventListener("popstate", (event) => {
    panel.reveal(Boolean(event.state?.panel));
    showView(event.state?.view ?? "ask", false);
  });
}
