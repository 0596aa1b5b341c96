// Dialogs: the welcome, and lists to choose one thing from.

import { h, icon } from './dom.js';
import { teks } from './teks.js';

// open shows a modal dialog. The focus goes back to where it was when it closes.
function open(testid, title, ...body) {
  const back = document.activeElement;
  const dialog = h('dialog', { class: 'sheet', 'aria-labelledby': `${testid}-judul`, 'data-testid': testid },
    h('div', { class: 'sheet-head' },
      h('h2', { id: `${testid}-judul` }, title),
      h('button', { type: 'button', class: 'round', 'aria-label': teks.pilih.tutup, 'data-testid': `${testid}-tutup`, onclick: () => dialog.close() }, icon('close'))),
    ...body);
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (back?.isConnected) back.focus();
  });
  dialog.addEventListener('click', (event) => { // on the backdrop
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

// choose offers items {title, text, note}; pick gets the index of the chosen one.
export function choose(testid, title, intro, items, pick) {
  const dialog = open(testid, title, h('p', { class: 'sheet-intro' }, intro),
    h('ul', { class: 'choices' }, items.map((item, i) => h('li', null,
      h('button', {
        type: 'button', class: 'choice', 'data-testid': `${testid}-${i}`, onclick: () => {
          dialog.close();
          pick(i);
        },
      },
      h('strong', null, item.title),
      item.text && h('span', null, item.text),
      item.note && h('small', null, item.note))))));
}

// welcome explains the page; start is called if the person wants the first step done for them.
export function welcome(start) {
  const t = teks.sambutan;
  const dialog = open('sambutan', t.judul,
    h('p', { class: 'sheet-lead' }, t.isi),
    h('p', { class: 'warning' }, t.peringatan),
    h('ol', { class: 'steps' }, t.langkah.map(([what, how]) => h('li', null, h('strong', null, what), ' ', how))),
    h('div', { class: 'sheet-actions' },
      h('button', {
        type: 'button', class: 'primary', autofocus: true, 'data-testid': 'sambutan-mulai', onclick: () => {
          dialog.close();
          start();
        },
      }, t.mulai),
      h('button', { type: 'button', class: 'secondary', 'data-testid': 'sambutan-nanti', onclick: () => dialog.close() }, t.nanti)));
}
