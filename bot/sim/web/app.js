// The training page: puts its parts together.

import { listen } from './api.js';
import { makeClock } from './clock.js';
import { sendSample } from './composer.js';
import { h } from './dom.js';
import { makePane } from './pane.js';
import { welcome } from './sheet.js';
import { load, makeState, save } from './state.js';
import { makeTabs } from './tabs.js';
import { teks } from './teks.js';

const WELCOMED = 'awas-latihan-disambut';

for (const el of document.querySelectorAll('[data-teks]')) el.textContent = teks[el.dataset.teks];
for (const el of document.querySelectorAll('[data-label]')) el.setAttribute('aria-label', teks[el.dataset.label]);

const state = makeState();
const status = document.querySelector('.status');
let panes = [];
let tabs = null;

// say shows a note in the pane that is on screen.
const say = (text) => panes.find((p) => tabs.visible(p.name)).say(text);
const clock = makeClock(document.querySelector('.clock'), say);
panes = ['warga', 'koordinator'].map((name) => makePane(name, state, clock, () => tabs.visible(name)));
document.querySelector('.panes').append(...panes.map((p) => p.root));
tabs = makeTabs(document.querySelector('.tabs'), panes.map((p) => p.name), () => panes.forEach((p) => p.show()));
tabs.apply();
state.subscribe(() => tabs.badges((name) => panes.find((p) => p.name === name).unread()));

function greet() {
  save(WELCOMED, true);
  welcome(() => {
    tabs.select('warga');
    sendSample(panes[0].send, 0);
    if (matchMedia('(hover: hover)').matches) panes[0].focus(); // elsewhere a keyboard would cover the chat
  });
}
document.querySelector('.help').addEventListener('click', greet);

listen({
  awal(e) {
    clock.set(e.now);
    state.begin(e);
    document.body.dataset.ready = 'true';
  },
  orang: state.members,
  jam: (e) => clock.set(e.now),
  pesan: state.put,
  catatan: (note) => panes.forEach((p) => p.answered(note)),
}, (name) => {
  document.body.dataset.connection = name;
  status.replaceChildren(h('span', { class: 'dot' }), teks.koneksi[name]);
});

if (!load(WELCOMED, false)) greet();
