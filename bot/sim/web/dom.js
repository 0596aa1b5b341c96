// Small helpers to build elements. Text only ever becomes text nodes.

const SVG = 'http://www.w3.org/2000/svg';

// Outlines on a 24 × 24 grid, drawn with the current colour.
const outlines = {
  send: 'M4 12 20 4l-5 16-4-6.5zM11 13.5 20 4',
  clip: 'M20 11.5l-8 8a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7L9.8 17a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6',
  forward: 'M14 6l6 6-6 6M20 12H10a6 6 0 0 0-6 6',
  pin: 'M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.5C5 14.8 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  smile: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5c1.8 2.3 5.2 2.3 7 0M9 10h.01M15 10h.01',
  reply: 'M10 6l-6 6 6 6M4 12h10a6 6 0 0 1 6 6',
  edit: 'M4 20l1-4L16.5 4.5a2.1 2.1 0 0 1 3 3L8 19zM14.5 6.5l3 3',
  tick: 'M5 12.5l4.5 4.5L19 7.5',
  ticks: 'M2 12.5L6.5 17 16 7.5M11.5 16l1 1L22 7.5',
  wait: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  down: 'M12 5v14M6 13l6 6 6-6',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  post: 'M5 4h14v16H5zM8.5 8.5h7M8.5 12h7M8.5 15.5H13',
  group: 'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-3.6 3-5.5 6.5-5.5s6.1 1.9 6.5 5.5M16 5a3.5 3.5 0 0 1 0 6.4M17.5 14.8c2.400.7 3.7 2.5 4 5.2',
  shield: 'M12 3l7 2.7v5.5c0 4.5-2.8 7.7-7 9.3-4.2-1.6-7-4.8-7-9.3V5.7zM8.5 11.8l2.5 2.5 4.5-4.8',
  out: 'M9 5H5v14h14v-4M13 4h7v7M20 4l-9 9',
};

// icon returns a decorative picture.
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', outlines[name]);
  svg.append(path);
  return svg;
}

// h makes an element: h('button', {class: 'x', onclick: fn, disabled: true}, 'text', node, null).
export function h(tag, props, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) el.addEventListener(name.slice(2), value);
    else el.setAttribute(name, value === true ? '' : value);
  }
  el.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return el;
}
