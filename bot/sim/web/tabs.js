// On a narrow screen one side is shown at a time, with a tab for each.

import { h } from './dom.js';
import { isi, teks } from './teks.js';

const NARROW = '(max-width: 899px)';

// makeTabs fills root with a tab for each name. It returns {visible(name), select(name),
// badges(count)}; changed is called whenever another side comes on screen.
export function makeTabs(root, names, changed) {
  const narrow = matchMedia(NARROW);
  let active = names[0];
  const tabs = names.map((name) => h('button', {
    type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': `panel-${name}`, 'data-testid': `tab-${name}`, onclick: () => select(name),
  }, teks.panel[name].tab, h('span', { class: 'badge', hidden: true, 'data-testid': `belum-${name}` })));
  root.setAttribute('role', 'tablist');
  root.append(...tabs);

  function select(name) {
    active = name;
    apply();
  }
  function apply() {
    names.forEach((name, i) => {
      const on = name === active;
      tabs[i].setAttribute('aria-selected', on);
      tabs[i].tabIndex = on ? 0 : -1;
      const panel = document.getElementById(`panel-${name}`);
      panel.classList.toggle('hidden', narrow.matches && !on);
      if (narrow.matches) {
        panel.setAttribute('role', 'tabpanel');
        panel.setAttribute('aria-labelledby', `tab-${name}`);
      } else {
        panel.removeAttribute('role');
        panel.removeAttribute('aria-labelledby');
      }
    });
    changed();
  }
  root.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const to = Math.min(Math.max(names.indexOf(active) + step, 0), names.length - 1);
    select(names[to]);
    tabs[to].focus();
  });
  narrow.addEventListener('change', apply);

  return {
    select, apply,
    visible: (name) => !narrow.matches || name === active,
    badges(count) {
      names.forEach((name, i) => {
        const n = count(name);
        const badge = tabs[i].querySelector('.badge');
        badge.hidden = !n || name === active;
        badge.replaceChildren(n > 99 ? '99+' : String(n));
        badge.setAttribute('aria-label', isi(teks.belum_dibaca, { n }));
      });
    },
  };
}
