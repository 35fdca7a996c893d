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
  settings.restore(store.settings());
  history.replaceState({ view: "ask" }, "");
  const asked = new URLSearchParams(location.search).get("q")?.trim();
  const [newest] = store.chats();
  if (newest && (!asked || newest.turns[0]?.question === asked)) chat.start(newest);
  else if (asked) chat.ask(asked.slice(0, 2000));
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
