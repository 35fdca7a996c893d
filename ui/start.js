// Wires the page up as soon as Gradio has put it there.
const CLICKS = {
  ".mark, button.source[data-place]": (button) => panel.showCard(button),
  "[data-key]": (button) => panel.showDocument(button),
  "[data-copy]": (button) => copy(button.dataset.copy, button),
  "[data-ask]": (button) => chat.ask(button.dataset.ask),
  "[data-view]": (button) => changeView(button.dataset.view),
  "[data-part]": (button) => evidence.choose(button.dataset.part),
  "[data-dialog]": (button) => openDialog(button.dataset.dialog),
  ".sort": (button) => evidence.sort(button),
};

function onClick(event) {
  for (const [selector, run] of Object.entries(CLICKS)) {
    const target = event.target.closest(`:is(${selector}):is(button)`);
    if (target) return run(target);
  }
}

function start(root) {
  root.addEventListener("click", onClick);
  listenToPanel(root);
  listenToChat();
  listenToEvidence();
  listenToSettings();
  history.replaceState({ view: "ask" }, "");
  collections.shown = collections.chosen();
  begin(root);
}

async function begin(root) {
  const saved = store.settings();
  const link = new URLSearchParams(location.search);
  const [asked, linked] = [link.get("q")?.trim(), link.get("collection")];
  const [newest] = store.chats();
  const first = newest?.turns[0];
  const before = first && (!asked || (first.question === asked && (!linked || first.collection === linked)));
  if (before) chat.start(newest);
  settings.restore({ ...saved, collection: collections.chosen() }); // its looks, before anything is loaded
  await collections.begin(linked, saved.collection);
  settings.restore({ ...saved, collection: collections.chosen() });
  if (asked && !before) chat.ask(asked.slice(0, 2000));
  root.dataset.ready = "true";
}

function whenThere() {
  const root = $("#msqa");
  if (!root) return false;
  start(root);
  return true;
}

document.documentElement.lang = "en";
if (!whenThere()) {
  const watcher = new MutationObserver(() => whenThere() && watcher.disconnect());
  watcher.observe(document.documentElement, { childList: true, subtree: true });
}
