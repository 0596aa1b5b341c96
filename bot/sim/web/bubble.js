// One bubble: a message, or the messages of one album, as an element.

import { h, icon } from './dom.js';
import { plain, rich } from './rich.js';
import { isi, teks } from './teks.js';
import { hour } from './time.js';
import { fileURL } from './api.js';

const t = teks.pesan;

// bubble draws the messages of one album (usually just one message). ctx has: self (the person who
// looks), group (whether it is one), name(person), message(id), first (begins a row of one
// sender), and reply(m), edit(m), press(m, button, element), go(id).
export function bubble(album, ctx) {
  const m = album[0];
  const bot = !m.from;
  const own = m.from === ctx.self;
  const article = h('article', {
    class: `message ${own ? 'own' : 'other'} ${bot ? 'from-bot' : ''} ${ctx.first ? 'first' : ''}`,
    tabindex: '-1', 'data-id': m.id, 'data-testid': 'pesan', 'data-from': m.from ?? 'bot',
  });
  const body = h('div', { class: 'bubble' },
    sender(m, ctx, own),
    m.fwd && forwarded(m.fwd),
    m.re && quote(m, ctx),
    files(album),
    m.loc && place(m.loc),
    m.unsup && sticker(m.unsup),
    m.text && h('div', { class: 'text', 'data-testid': 'pesan-teks', dir: 'auto' }, rich(m.text, bot)),
    meta(album, own, bot));
  article.append(
    ctx.group && !own && avatar(m, ctx) || '',
    h('div', { class: 'stack' }, body, m.buttons?.length ? keyboard(m, ctx) : ''),
    actions(m, own, ctx));
  return article;
}

// initials of a name: "Petugas 1" is P1.
export function initials(name) {
  return name.split(/\s+/).map((w) => [...w][0] ?? '').join('').slice(0, 2).toUpperCase();
}

// hue gives every person one of six colours, the same each time.
export function hue(person) {
  return [...person].reduce((sum, c) => sum + c.codePointAt(0), 0) % 6;
}

function avatar(m, ctx) {
  if (!m.from) return h('span', { class: 'avatar bot', 'aria-hidden': 'true' }, icon('shield'));
  return h('span', { class: `avatar hue${hue(m.from)}`, 'aria-hidden': 'true' }, initials(ctx.name(m.from)));
}

function sender(m, ctx, own) {
  const name = own ? t.anda : m.from ? ctx.name(m.from) : t.bot;
  const visible = ctx.group && !own && ctx.first;
  return h('div', { class: visible ? `sender ${m.from ? `ink${hue(m.from)}` : 'ink-bot'}` : 'only-read' }, name);
}

function forwarded(f) {
  const hint = { channel: t.kanal, group: t.grup, hidden: t.tersembunyi }[f.k] ?? '';
  return h('div', { class: 'forwarded', 'data-testid': 'pesan-terusan' }, icon('forward'),
    f.t ? h('span', null, t.diteruskan_dari, h('strong', null, plain(f.t)), hint) : h('span', null, t.diteruskan));
}

// summary is one line about a message.
export function summary(m) {
  if (!m) return t.dulu;
  if (m.text) return plain(m.text).replace(/\s+/g, ' ').slice(0, 120);
  if (m.file) return { photo: t.foto, animation: t.foto, video: t.video, audio: t.suara, voice: t.suara }[m.file.k] ?? t.berkas;
  return m.loc ? t.lokasi : t.stiker;
}

function quote(m, ctx) {
  const original = ctx.message(m.re);
  const name = original?.from ? ctx.name(original.from) : t.bot;
  return h('button', { type: 'button', class: 'quote', tabindex: '-1', onclick: () => ctx.go(m.re) },
    h('strong', null, original ? name : t.dulu), h('span', null, summary(original)));
}

function files(album) {
  const all = album.map((m) => m.file).filter(Boolean);
  if (!all.length) return null;
  const tiles = all.filter(isTile).length;
  return h('div', { class: `files ${tiles > 1 ? 'grid' : ''}` }, all.map(attachment));
}

const isTile = (f) => /^image\/(?!svg)|^video\//.test(f.mime ?? '');

function attachment(f) {
  const gone = () => h('p', { class: 'gone' }, icon('file'), t.hilang);
  const url = fileURL(f);
  const type = f.mime ?? '';
  let el;
  if (/^image\/(?!svg)/.test(type)) {
    const img = h('img', { src: url, alt: f.name ? plain(f.name) : t.foto, loading: 'lazy', 'data-testid': 'pesan-foto' });
    el = h('a', { class: 'photo', href: url, target: '_blank', rel: 'noopener', 'aria-label': t.buka_foto, tabindex: '-1' }, img);
    img.addEventListener('error', () => el.replaceWith(gone()));
    return el;
  }
  if (/^(video|audio)\//.test(type)) {
    el = h(type.startsWith('video') ? 'video' : 'audio', { src: url, controls: true, preload: 'metadata', 'aria-label': t.video });
    el.addEventListener('error', () => el.replaceWith(gone()));
    return el;
  }
  const name = plain(f.name || t.berkas);
  return h('a', { class: 'document', href: url, download: name, tabindex: '-1', 'data-testid': 'pesan-berkas', 'aria-label': isi(t.unduh, { nama: name }) },
    icon('file'), h('span', null, h('strong', null, name), h('small', null, size(f.size))));
}

// size is "12 KB" or "1,4 MB".
export function size(bytes) {
  if (!bytes) return '';
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1).replace('.', ',')} MB`;
}

function place(loc) {
  const degrees = `${loc.lat.toFixed(4)}; ${loc.lon.toFixed(4)}`.replaceAll('.', ',');
  return h('div', { class: 'place' }, h('span', { class: 'place-map' }, icon('pin')),
    h('span', null, h('strong', null, plain(loc.t || t.lokasi)), h('small', null, degrees)));
}

function sticker(kind) {
  return h('div', { class: 'sticker' }, icon('smile'), h('small', null, kind === 'sticker' ? t.stiker : t.tak_didukung));
}

function meta(album, own, bot) {
  const m = album[0];
  const ok = album.every((one) => one.ok);
  const mark = own && h('span', { class: `ticks ${ok ? 'ok' : ''}`, role: 'img', 'aria-label': ok ? t.tersimpan : t.menunggu, title: ok ? t.tersimpan : t.menunggu },
    icon(ok ? 'ticks' : 'tick'));
  return h('div', { class: 'meta' }, m.edited && h('span', { 'data-testid': 'pesan-diedit' }, t.diedit), h('time', { datetime: m.at }, hour(Date.parse(m.at))), mark);
}

function keyboard(m, ctx) {
  return h('div', { class: 'keyboard' }, m.buttons.map((row) => h('div', { class: 'keys' }, row.map((b) => {
    if (b.u) {
      return h('a', { class: 'key', href: b.u, target: '_blank', rel: 'noopener noreferrer nofollow', tabindex: '-1', title: t.tautan }, plain(b.l), icon('out'));
    }
    const key = h('button', { type: 'button', class: 'key', tabindex: '-1', 'data-testid': 'tombol', 'data-data': b.d }, plain(b.l));
    key.addEventListener('click', () => ctx.press(m, b, key));
    return key;
  }))));
}

function actions(m, own, ctx) {
  const act = (name, label, fn) => h('button', {
    type: 'button', class: 'act', tabindex: '-1', 'aria-label': label, title: label, 'data-testid': `pesan-${name}`, onclick: () => fn(m),
  }, icon(name));
  return h('div', { class: 'acts' }, act('reply', t.balas, ctx.reply), own && !m.fwd && m.text && act('edit', t.ubah, ctx.edit));
}
