// The part of a pane where people write: text, files, forwarded mark, reply and edit.

import { h, icon } from './dom.js';
import { call, upload } from './api.js';
import { initials, size, summary } from './bubble.js';
import { isi, teks } from './teks.js';
import { choose } from './sheet.js';

const t = teks.alat;
const MAX_FILES = 10;

// makeComposer returns {root, reply(m, name), edit(m), reset(), send(post), add(files), focus()}.
// where() gives {dari, ke}; say shows a passing note; up is called for ArrowUp in an empty box.
export function makeComposer(name, where, say, up) {
  let files = [];
  let target = null; // {kind: 'reply' | 'edit', message}
  let forwarded = false;
  let busy = false;

  const text = h('textarea', {
    id: `${name}-tulis`, class: 'write', rows: '1', placeholder: teks.panel[name].tulis, 'aria-label': teks.panel[name].label,
    enterkeyhint: 'send', 'data-testid': `${name}-tulis`,
  });
  const submit = h('button', { type: 'submit', class: 'round send', 'aria-label': t.kirim, title: t.kirim, 'data-testid': `${name}-kirim` }, icon('send'));
  const picker = h('input', { type: 'file', multiple: true, class: 'picker', tabindex: '-1', 'aria-hidden': 'true', 'data-testid': `${name}-berkas` });
  const clip = h('button', { type: 'button', class: 'round clip', 'aria-label': t.lampirkan, title: t.lampirkan, 'data-testid': `${name}-lampirkan`, onclick: () => picker.click() }, icon('clip'));
  const banner = h('div', { class: 'banner', hidden: true });
  const strip = h('ul', { class: 'strip', hidden: true });
  const origin = h('select', { id: `${name}-asal`, 'data-testid': `${name}-asal` }, teks.asal.map((a, i) => h('option', { value: i }, a.label)));
  const from = h('div', { class: 'origin', hidden: true }, icon('forward'), h('label', { for: `${name}-asal` }, t.asal), origin);
  const tools = h('div', { class: 'tools', role: 'group', 'aria-label': t.label });
  const chips = h('div', { class: 'chips', role: 'group', 'aria-label': teks.perintah.label });
  const form = h('form', { class: 'composer' }, h('div', { class: 'quick' }, tools, chips), from, banner, strip,
    h('div', { class: 'line' }, clip, picker, text, submit));

  // send posts something of its own; true if it was taken.
  async function send(post) {
    try {
      await call('kirim', { ...where(), ...post });
      return true;
    } catch (refusal) {
      say(refusal.message);
      return false;
    }
  }

  async function submitAll() {
    if (busy) return;
    const body = text.value.trim();
    if (!body && !files.length) return;
    busy = true;
    form.setAttribute('aria-busy', 'true');
    if (await deliver(body)) {
      if (files.length) say('');
      reset();
    }
    busy = false;
    form.removeAttribute('aria-busy');
    text.focus();
  }

  async function deliver(body) {
    try {
      if (target?.kind === 'edit') {
        await call('ubah', { ...where(), id: target.message.id, teks: body });
        return true;
      }
      const berkas = [];
      if (files.length) say(t.mengirim);
      for (const f of files) berkas.push(await upload(f.file));
      const { k, t: title } = teks.asal[origin.value];
      return await send({
        teks: body, berkas, balas: target?.message.id ?? '', terusan: forwarded ? { k, t: title } : null,
      });
    } catch (refusal) {
      say(refusal.message);
      return false;
    }
  }

  function reset() {
    text.value = '';
    for (const f of files) URL.revokeObjectURL(f.url);
    files = [];
    target = null;
    setForwarded(false);
    showStrip();
    showBanner();
    grow();
  }

  function add(list) {
    files = [...files, ...[...list].map((file) => ({ file, url: URL.createObjectURL(file) }))];
    if (files.length > MAX_FILES) {
      files.splice(MAX_FILES).forEach((f) => URL.revokeObjectURL(f.url));
      say(teks.galat.too_many);
    }
    showStrip();
    text.focus();
  }

  function showStrip() {
    strip.hidden = !files.length;
    strip.replaceChildren(...files.map((f) => h('li', null,
      f.file.type.startsWith('image/') ? h('img', { src: f.url, alt: '' }) : h('span', { class: 'avatar plain' }, initials(f.file.name)),
      h('span', null, h('strong', null, f.file.name), h('small', null, size(f.file.size))),
      h('button', {
        type: 'button', class: 'round small', 'aria-label': isi(t.buang, { nama: f.file.name }), onclick: () => {
          files = files.filter((other) => other !== f);
          URL.revokeObjectURL(f.url);
          showStrip();
          text.focus();
        },
      }, icon('close')))));
  }

  function showBanner(title) {
    banner.hidden = !target;
    form.classList.toggle('editing', target?.kind === 'edit');
    submit.setAttribute('aria-label', target?.kind === 'edit' ? t.simpan : t.kirim);
    if (!target) return banner.replaceChildren();
    banner.replaceChildren(icon(target.kind), h('span', null, h('strong', null, title), h('span', null, summary(target.message))),
      h('button', { type: 'button', class: 'round small', 'aria-label': t.batal, onclick: cancel }, icon('close')));
  }

  function cancel() {
    if (target?.kind === 'edit') text.value = '';
    target = null;
    showBanner();
    grow();
    text.focus();
  }

  function aim(kind, message, title) {
    target = { kind, message };
    if (kind === 'edit') text.value = message.text;
    showBanner(title);
    grow();
    text.focus();
  }

  function setForwarded(on) {
    forwarded = on;
    from.hidden = !on;
    tools.querySelector('[aria-pressed]')?.setAttribute('aria-pressed', on);
  }

  function grow() {
    text.style.height = 'auto';
    text.style.height = `${Math.min(text.scrollHeight + 2, 180)}px`;
  }

  fillTools(name, tools, { send, toggle: () => setForwarded(!forwarded), focus: () => text.focus() });
  for (const word of teks.perintah[name]) {
    chips.append(h('button', { type: 'button', class: 'chip', 'data-testid': `${name}-cepat`, onclick: () => send({ teks: word }) }, word));
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submitAll();
  });
  text.addEventListener('input', grow);
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submitAll();
    } else if (event.key === 'Escape' && target) {
      cancel();
    } else if (event.key === 'ArrowUp' && !text.value) {
      event.preventDefault();
      up();
    }
  });
  text.addEventListener('paste', (event) => {
    if (event.clipboardData.files.length) {
      event.preventDefault();
      add(event.clipboardData.files);
    }
  });
  picker.addEventListener('change', () => {
    add(picker.files);
    picker.value = '';
  });
  return {
    root: form, send, add, reset,
    reply: (m, who) => aim('reply', m, isi(teks.pesan.membalas, { nama: who })),
    edit: (m) => aim('edit', m, teks.pesan.mengubah),
    focus: () => text.focus(),
  };
}

// fillTools makes the buttons for what only citizens do.
function fillTools(name, tools, { send, toggle, focus }) {
  if (name !== 'warga') return;
  const tool = (id, picture, label, onclick, more) => tools.append(
    h('button', { type: 'button', class: 'chip tool', 'data-testid': `warga-${id}`, onclick, ...more }, icon(picture), label));
  tool('contoh', 'post', t.contoh, () => samples(send), { 'aria-haspopup': 'dialog' });
  tool('terusan', 'forward', t.terusan, () => {
    toggle();
    focus();
  }, { 'aria-pressed': 'false', title: t.tandai });
  tool('lokasi', 'pin', t.lokasi, () => places(send), { 'aria-haspopup': 'dialog' });
  tool('stiker', 'smile', t.stiker, () => send({ lain: 'sticker' }));
}

function samples(send) {
  const c = teks.contoh;
  choose('contoh', c.judul, c.isi, c.daftar.map((s) => ({
    title: s.judul, text: s.teks, note: s.asal ? isi(c.diteruskan, { nama: s.asal.t }) : c.sendiri,
  })), (i) => sendSample(send, i));
}

// sendSample sends one of the invented posts.
export function sendSample(send, i) {
  const { teks: body, asal } = teks.contoh.daftar[i];
  return send({ teks: body, terusan: asal });
}

function places(send) {
  const l = teks.lokasi;
  choose('lokasi', l.judul, l.isi, l.daftar.map((p) => ({ title: p.t })), (i) => send({ lokasi: l.daftar[i] }));
}
