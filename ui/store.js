// What this browser remembers: chats and settings. Nothing of it is sent anywhere but the turns of the present chat.
const CHATS = "msqa.chats";
const SETTINGS = "msqa.settings";
const MOST_CHATS = 20;

function read(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise; // storage switched off, or not ours
  }
}

function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false; // full or switched off: the chat goes on, it is only not remembered
  }
}

const store = {
  settings: () => read(SETTINGS, {}),
  saveSettings: (settings) => write(SETTINGS, settings),
  chats: () => read(CHATS, []),
  // Newest first; the oldest go when there are too many or the storage is full.
  saveChat(chat) {
    let chats = [chat, ...store.chats().filter((other) => other.id !== chat.id)].slice(0, MOST_CHATS);
    while (chats.length && !write(CHATS, chats)) chats = chats.slice(0, -1);
  },
  forget: (id) => write(CHATS, store.chats().filter((chat) => chat.id !== id)),
  forgetAll: () => write(CHATS, []),
};
