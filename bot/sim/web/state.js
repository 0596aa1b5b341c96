// What the page knows: persons, chats and messages, and what has been seen of them.

const SEEN = 'awas-latihan-dilihat';

// makeState returns the page's state. Views subscribe and look again after every change.
export function makeState() {
  const chats = new Map(); // chat -> Map(id -> message)
  const seen = new Map(load(SEEN, []));
  const views = new Set();
  const state = {
    people: [],
    group: '',
    groups: [],

    // begin takes the first event of a connection.
    begin(e) {
      if (e.reset) chats.clear();
      state.members(e);
    },
    members(e) {
      if (state.group && state.group !== e.group && chats.has(state.group)) { // the group moved
        chats.delete(state.group);
      }
      Object.assign(state, { people: e.people, group: e.group, groups: e.groups ?? [] });
      changed();
    },
    put(message) {
      if (!chats.has(message.chat)) chats.set(message.chat, new Map());
      chats.get(message.chat).set(message.id, message);
      changed();
    },
    // messages of a chat, oldest first.
    messages(chat) {
      return [...(chats.get(chat)?.values() ?? [])].sort((a, b) => Number(a.id) - Number(b.id));
    },
    message(chat, id) {
      return chats.get(chat)?.get(id);
    },
    name(person) {
      return state.people.find((p) => p.address.c === person)?.name ?? person;
    },
    // unread counts what others said in a chat after it was last looked at.
    unread(chat, self) {
      const upTo = seen.get(chat) ?? 0;
      let count = 0;
      for (const m of chats.get(chat)?.values() ?? []) {
        if (Number(m.id) > upTo && (m.from ?? '') !== self) count++;
      }
      return count;
    },
    see(chat) {
      const newest = Math.max(0, ...[...(chats.get(chat)?.keys() ?? [])].map(Number));
      if (newest <= (seen.get(chat) ?? 0)) return;
      seen.set(chat, newest);
      save(SEEN, [...seen]);
      changed();
    },
    subscribe(view) {
      views.add(view);
    },
  };

  // Many messages arrive together; they are drawn once.
  let due = false;
  function changed() {
    if (due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      for (const view of views) view();
    });
  }
  return state;
}

// load and save keep small things of this browser. Without storage nothing is kept.
export function load(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function save(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // private mode: the page works, it only forgets
  }
}
