// The list of bubbles of a pane: drawn again only where something changed, scrolled like a chat,
// walked through with the arrow keys.

import { h, icon } from './dom.js';
import { bubble } from './bubble.js';
import { teks } from './teks.js';
import { dayKey, dayName } from './time.js';

// makeLog returns {root, show(chat, messages, ctx, now), go(id), focusLast()}.
export function makeLog(name) {
  const list = h('div', {
    class: 'log', role: 'log', tabindex: '0', 'aria-label': teks.panel[name].log, 'data-testid': `${name}-log`,
  });
  const jump = h('button', { type: 'button', class: 'jump', hidden: true, 'aria-label': teks.pesan.terbaru, 'data-testid': `${name}-terbaru` }, icon('down'));
  const root = h('div', { class: 'log-frame' }, list, jump);
  let drawn = new Map(); // key -> {sign, el}
  let shownChat = null;

  const atEnd = () => list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const toEnd = () => {
    list.scrollTop = list.scrollHeight;
  };
  let stick = true;
  list.addEventListener('scroll', () => {
    stick = atEnd();
    jump.hidden = stick;
  });
  list.addEventListener('load', (event) => { // a picture that arrives makes its bubble taller
    if (event.target.tagName === 'IMG' && stick) toEnd();
  }, true);
  jump.addEventListener('click', toEnd);
  new ResizeObserver(() => { // the place to write grew, the screen turned, the pane came into view
    if (stick) toEnd();
  }).observe(list);

  function show(chat, messages, ctx, now) {
    const fresh = chat !== shownChat;
    const before = messages.length ? messages.at(-1) : null;
    const follow = fresh || atEnd() || before?.from === ctx.self && !drawn.has(before.id);
    if (fresh) {
      shownChat = chat;
      drawn = new Map();
      list.setAttribute('aria-busy', 'true'); // do not read out a whole chat
    }
    const next = new Map();
    const wanted = messages.length ? rows(messages, ctx, now, drawn, next) : [empty(name)];
    const focus = focused(list);
    place(list, wanted);
    drawn = next;
    tabbable(list);
    restore(list, focus);
    if (follow) toEnd();
    jump.hidden = atEnd();
    if (fresh) requestAnimationFrame(() => list.removeAttribute('aria-busy'));
  }

  function go(id) {
    const el = list.querySelector(`[data-id="${CSS.escape(id)}"]`);
    if (!el) return;
    el.scrollIntoView({ block: 'center' });
    el.classList.add('found');
    setTimeout(() => el.classList.remove('found'), 1600);
  }
  function focusLast() {
    const last = list.querySelector('.message:last-of-type') ?? list;
    last.focus();
  }
  list.addEventListener('keydown', (event) => walk(event, list));
  return { root, show, go, focusLast };
}

// rows returns the elements that should stand in the log: days and bubbles.
function rows(messages, ctx, now, old, next) {
  const out = [];
  let day = null;
  let previous = null;
  for (const album of albums(messages)) {
    const m = album[0];
    const at = Date.parse(m.at);
    if (dayKey(at) !== day) {
      day = dayKey(at);
      previous = null;
      const word = dayName(at, now);
      out.push(keep(old, next, `day${day}`, word, () => h('div', { class: 'day' }, h('span', null, word))));
    }
    const first = !previous || previous.from !== m.from || at - Date.parse(previous.at) > 300000;
    const sign = JSON.stringify([album.map((x) => x.rev), ctx.self, first, m.re && ctx.message(m.re)?.rev, m.from && ctx.name(m.from)]);
    out.push(keep(old, next, m.id, sign, () => bubble(album, { ...ctx, first })));
    previous = m;
  }
  return out;
}

function keep(old, next, key, sign, make) {
  const had = old.get(key);
  const entry = had?.sign === sign ? had : { sign, el: make() };
  next.set(key, entry);
  return entry.el;
}

// albums puts neighbours of one album together.
function albums(messages) {
  const out = [];
  for (const m of messages) {
    const last = out.at(-1);
    if (m.album && last?.[0].album === m.album) last.push(m);
    else out.push([m]);
  }
  return out;
}

function empty(name) {
  return h('div', { class: 'empty' }, icon(name === 'warga' ? 'shield' : 'group'),
    h('strong', null, teks.panel[name].kosong), h('span', null, teks.panel[name].kosong_bantu));
}

// place makes the children of list exactly those wanted, leaving alone those that are there.
function place(list, wanted) {
  const keepers = new Set(wanted);
  for (const child of [...list.children]) if (!keepers.has(child)) child.remove();
  wanted.forEach((el, i) => {
    if (list.children[i] !== el) list.insertBefore(el, list.children[i] ?? null);
  });
}

// tabbable lets Tab reach the buttons of the newest bubble that has some; older ones are reached
// with the arrow keys, so that Tab never has to walk through a whole chat.
function tabbable(list) {
  const current = list.querySelector('.message.current') ?? [...list.querySelectorAll('.message')].findLast((m) => m.querySelector('.key'));
  for (const m of list.querySelectorAll('.message')) {
    for (const el of m.querySelectorAll('button, a, audio, video')) el.tabIndex = m === current ? 0 : -1;
  }
}

// focused remembers where the focus is, in case its element is drawn anew.
function focused(list) {
  const el = document.activeElement;
  const message = el?.closest?.('.message');
  if (!message || !list.contains(message)) return null;
  return { el, id: message.dataset.id, data: el.dataset?.data, test: el.dataset?.testid };
}

function restore(list, focus) {
  if (!focus || focus.el.isConnected) return;
  const message = list.querySelector(`[data-id="${CSS.escape(focus.id)}"]`);
  if (!message) return list.focus();
  const same = [...message.querySelectorAll('button')].find((b) => b.dataset.testid === focus.test && b.dataset.data === focus.data);
  current(list, message);
  (same ?? message).focus();
}

function current(list, message) {
  list.querySelector('.message.current')?.classList.remove('current');
  message?.classList.add('current');
  tabbable(list);
}

// walk moves between bubbles with the arrow keys, Home and End.
function walk(event, list) {
  if (event.target.matches('audio, video')) return;
  const all = [...list.querySelectorAll('.message')];
  const here = all.indexOf(event.target.closest('.message'));
  const to = {
    ArrowUp: here < 0 ? all.length - 1 : here - 1, ArrowDown: here < 0 ? 0 : here + 1, Home: 0, End: all.length - 1,
  }[event.key];
  if (to === undefined || !all[to]) return;
  event.preventDefault();
  current(list, all[to]);
  all[to].focus();
}
