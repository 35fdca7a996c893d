// The conversation: asking, stopping, asking again, editing, new and earlier chats.
let present = fresh();
let running = null; // the AbortController of the answer under way
let edited = null; // the turn whose question is being edited

function fresh() {
  return { id: `${Date.now()}-${Math.random().toString(36).slice(2)}`, turns: [] };
}

const place = (element) => [...$("#turns").children].indexOf(element);
const pairs = (turns) => turns.slice(-6).map((turn) => [turn.question, turn.text]);

const chat = {
  async ask(question) {
    const text = question.trim();
    if (!text || running) return;
    if (edited) chat.dropFrom(edited);
    chat.stopEditing();
    const element = turnElement(text);
    $("#turns").append(element);
    chat.busy(new AbortController());
    showView("ask", false);
    scrollTo(element, "start");
    say("Looking for an answer");
    try {
      await chat.receive(element, text);
    } catch (error) {
      chat.failed(element, text, error);
    } finally {
      chat.busy(null);
    }
  },

  async receive(element, question) {
    const answer = $(".answer", element);
    const before = [...present.turns];
    for await (const message of stream("page_ask", [question, pairs(before), settings.sent()], running.signal)) {
      if (message.error) throw new Error(message.error);
      if (message.done) {
        const turn = { question, ...message };
        present.turns.push(turn);
        finish(element, turn);
        scrollTo(element, "start");
        say(`${message.summary} ${message.text}`.slice(0, 700));
        store.saveChat({ ...present, at: Date.now() });
        chat.lead(element, turn, before);
        return;
      }
      fill(answer, message.html);
    }
    throw new Error("The answer broke off. Try again.");
  },

  // Fetches what to ask next; when that fails there is simply nothing suggested.
  async lead(element, turn, before) {
    turn.next = await call("page_next", turn.question, pairs(before), turn.collection).catch(() => []);
    suggest(element, turn.next);
    store.saveChat({ ...present, at: Date.now() });
  },

  failed(element, question, error) {
    const stopped = error.name === "AbortError";
    const text = stopped ? "Stopped." : error.message;
    $(".answer", element).append(el("p", { className: stopped ? "summary" : "error", textContent: text }));
    $$(".stage", element).forEach((stage) => stage.remove());
    $(".after", element).replaceChildren(el("div", { className: "actions" },
      button("Try again", () => { element.remove(); chat.ask(question); }),
      button("Edit", () => { element.remove(); $("#question").value = question; $("#question").focus(); })));
    say(text);
  },

  busy(controller) {
    running = controller;
    const there = document.activeElement;
    $("#send").hidden = Boolean(controller);
    $("#stop").hidden = !controller;
    $("#welcome").hidden = $("#turns").children.length > 0;
    if (there === $("#stop") || there === $("#send")) $("#question").focus();
  },

  stop() {
    running?.abort();
  },

  again(element) {
    if (running) return;
    const { question } = present.turns[place(element)];
    chat.dropFrom(element);
    chat.ask(question);
  },

  edit(element) {
    const turn = present.turns[place(element)];
    if (!turn || running) return;
    edited = element;
    const box = $("#question");
    box.value = turn.question;
    grow(box);
    box.focus();
    $("#send").textContent = "Ask instead";
    say("Editing the question. Escape cancels.");
  },

  stopEditing() {
    edited = null;
    $("#send").textContent = "Ask";
  },

  // A question that is asked anew takes its place; what came after it rested on it.
  dropFrom(element) {
    const at = place(element);
    present.turns.length = Math.min(present.turns.length, at);
    [...$("#turns").children].slice(at).forEach((gone) => gone.remove());
    if (panel.isOpen()) panel.close();
  },

  start(saved = fresh()) {
    chat.stop();
    chat.stopEditing();
    present = saved;
    $("#turns").replaceChildren(...present.turns.map((turn) => {
      const element = turnElement(turn.question);
      finish(element, turn);
      return element;
    }));
    $("#welcome").hidden = present.turns.length > 0;
    if (panel.isOpen()) panel.close();
    $("#question").value = "";
    showView("ask");
  },

  last: () => $("#turns").lastElementChild,
};

function grow(box) {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 160)}px`;
}

function listenToChat() {
  const box = $("#question");
  const send = () => {
    if (running || !box.value.trim()) return;
    const text = box.value;
    box.value = "";
    grow(box);
    chat.ask(text);
  };
  $("#ask-form").addEventListener("submit", (event) => { event.preventDefault(); send(); });
  box.addEventListener("input", () => grow(box));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
    if (event.key === "ArrowUp" && !box.value && chat.last()) { event.preventDefault(); chat.edit(chat.last()); }
  });
  $("#stop").addEventListener("click", chat.stop);
  $("#new-chat").addEventListener("click", () => chat.start());
}
