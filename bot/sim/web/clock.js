// The training clock in the bar, and the buttons that move it forward.

import { h } from './dom.js';
import { isi, teks } from './teks.js';
import { hour, shortDay } from './time.js';
import { call } from './api.js';

const moves = [
  ['detik15', { maju: 15 }],
  ['jam1', { maju: 3600 }],
  ['pukul18', { pukul: '18.00' }],
  ['hari1', { maju: 86400 }],
];

// makeClock wires the bar's clock. say shows a passing note.
export function makeClock(root, say) {
  let base = Date.now();
  let since = performance.now();
  const shown = root.querySelector('.clock-now');
  const toggle = root.querySelector('.moves-toggle');
  const list = root.querySelector('.moves');
  const now = () => base + (performance.now() - since);

  function show() {
    const t = now();
    shown.replaceChildren(
      h('span', { class: 'clock-day' }, shortDay(t)), ' ',
      h('span', { class: 'clock-hour' }, `${hour(t, true)} ${teks.wib}`),
    );
    shown.setAttribute('datetime', new Date(t).toISOString());
  }
  const clock = {
    now,
    set(ms) {
      base = ms;
      since = performance.now();
      show();
    },
  };
  for (const [name, body] of moves) {
    const button = h('button', { type: 'button', class: 'bar-button', 'data-testid': `maju-${name}` }, teks.maju[name]);
    button.addEventListener('click', async () => {
      try {
        clock.set((await call('jam', body)).now);
        say(isi(teks.maju.sudah, { jam: `${hour(now(), true)} ${teks.wib}` }));
      } catch (refusal) {
        say(refusal.message);
      }
    });
    list.append(button);
  }
  toggle.addEventListener('click', () => {
    const open = toggle.getAttribute('aria-expanded') !== 'true';
    toggle.setAttribute('aria-expanded', open);
    list.classList.toggle('open', open);
  });
  setInterval(show, 1000);
  show();
  return clock;
}
