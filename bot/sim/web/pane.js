// One side of the page: a chat's head, its log, the place to write, and passing notes.

import { h, icon } from './dom.js';
import { call } from './api.js';
import { plain } from './rich.js';
import { initials, hue } from './bubble.js';
import { makeComposer } from './composer.js';
import { makeLog } from './log.js';
import { load, save } from './state.js';
import { isi, teks } from './teks.js';

const NOTE = 5000; // milliseconds a passing note stays
const BUSY = 8000; // and a pressed button waits for its answer

// makePane returns a side of the page. name is 'warga' (private chats) or 'koordinator' (the
// group); visible() tells whether it is on screen.
export function makePane(name, state, clock, visible) {
  const words = teks.panel[name];
  const grouped = name === 'koordinator';
  const remembered = `awas-latihan-${name}`;
  let person = load(remembered, grouped ? 'admin' : 'warga1');
  let expected = ''; // a citizen just made, of whom the stream may not have told yet

  const chat = () => (grouped ? state.group : person);
  const where = () => ({ dari: person, ke: grouped ? state.group : '' });
  const select = h('select', { id: `${name}-pelaku`, 'data-testid': `${name}-pelaku` });
  const face = h('span', { class: 'avatar', 'aria-hidden': 'true' });
  const note = h('div', { class: 'note', role: 'status', 'data-testid': `${name}-catatan` });
  const log = makeLog(name);
  const composer = makeComposer(name, where, say, log.focusLast);
  const root = h('section', { class: `pane pane-${name}`, id: `panel-${name}`, 'aria-label': words.tab, 'data-testid': `panel-${name}` },
    h('header', { class: 'pane-head' },
      h('span', { class: `avatar ${grouped ? 'group' : 'bot'}`, 'aria-hidden': 'true' }, icon(grouped ? 'group' : 'shield')),
      h('div', { class: 'pane-title' }, h('h2', null, words.judul), h('p', null, words.bawah)),
      h('div', { class: 'speaker' }, face, h('div', null, h('label', { for: select.id }, words.sebagai), select)),
      grouped ? null : h('button', { type: 'button', class: 'round', 'aria-label': teks.tambah_warga, title: teks.tambah_warga, 'data-testid': 'warga-tambah', onclick: addCitizen }, icon('plus'))),
    note, log.root, composer.root,
    h('div', { class: 'drop', 'aria-hidden': 'true' }, icon('clip'), teks.alat.lepas));

  let fading;
  function say(text) {
    clearTimeout(fading);
    note.replaceChildren(text ? h('span', null, plain(text)) : '');
    if (text) fading = setTimeout(() => note.replaceChildren(), NOTE);
  }

  async function press(m, button, key) {
    key.setAttribute('aria-busy', 'true');
    setTimeout(() => key.removeAttribute('aria-busy'), BUSY);
    try {
      await call('tekan', { ...where(), id: m.id, data: button.d });
    } catch (refusal) {
      key.removeAttribute('aria-busy');
      say(refusal.message);
    }
  }

  async function addCitizen() {
    const citizens = state.people.filter((p) => !p.staff).length;
    try {
      const added = await call('orang', { nama: isi(teks.nama_warga, { n: citizens + 1 }) });
      expected = added.address.c;
      show();
    } catch (refusal) {
      say(refusal.message);
    }
  }

  function become(next) {
    person = next;
    save(remembered, person);
    composer.reset();
    say('');
    show();
  }
  select.addEventListener('change', () => become(select.value));

  function showPeople() {
    const listed = state.people.filter((p) => !grouped || p.staff);
    if (listed.length && !listed.some((p) => p.address.c === person)) person = listed[0].address.c;
    select.replaceChildren(...listed.map(({ address, name: label }) => {
      const unread = grouped || address.c === person ? 0 : state.unread(address.c, address.c);
      const option = h('option', { value: address.c }, unread ? `${label} · ${isi(teks.baru, { n: unread })}` : label);
      option.selected = address.c === person;
      return option;
    }));
    face.className = `avatar hue${hue(person)}`;
    face.replaceChildren(initials(state.name(person)));
  }

  function show() {
    if (!state.people.length) return;
    if (expected && state.people.some((p) => p.address.c === expected)) {
      const next = expected;
      expected = '';
      become(next);
      return;
    }
    showPeople();
    const here = chat();
    log.show(`${here} ${person}`, state.messages(here), {
      self: person, group: grouped, name: state.name, message: (id) => state.message(here, id), press, go: log.go,
      reply: (m) => composer.reply(m, m.from ? state.name(m.from) : teks.pesan.bot), edit: composer.edit,
    }, clock.now());
    if (visible() && !document.hidden) state.see(here);
  }
  state.subscribe(show);
  document.addEventListener('visibilitychange', show);
  acceptDrops(root, composer.add);

  return {
    name, root, show, say, send: composer.send, focus: composer.focus,
    unread: () => state.unread(chat(), person),
    // answered takes the passing note of a pressed button.
    answered(answer) {
      if (answer.chat !== chat() || answer.person !== person) return;
      for (const key of root.querySelectorAll('.key[aria-busy]')) key.removeAttribute('aria-busy');
      if (answer.text) say(answer.text);
    },
  };
}

// acceptDrops lets files be dropped anywhere on the pane.
function acceptDrops(root, add) {
  const carries = (event) => [...event.dataTransfer.types].includes('Files');
  root.addEventListener('dragover', (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    root.classList.add('dropping');
  });
  root.addEventListener('dragleave', (event) => {
    if (!root.contains(event.relatedTarget)) root.classList.remove('dropping');
  });
  root.addEventListener('drop', (event) => {
    root.classList.remove('dropping');
    if (!carries(event)) return;
    event.preventDefault();
    add(event.dataTransfer.files);
  });
}
