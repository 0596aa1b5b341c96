// Requests to the training network, and its live events.

import { teks } from './teks.js';

// Refusal carries a sentence for the person.
export class Refusal extends Error {
  constructor(code) {
    super(teks.galat[code] ?? teks.galat.offline);
    this.code = code;
  }
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, { method: 'POST', ...options });
  } catch {
    throw new Refusal('offline');
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(body.galat ?? 'offline');
  return body;
}

// call posts one JSON request: call('kirim', {...}).
export function call(name, body) {
  return request(`/latihan/${name}`, {
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

// upload stores a file and returns the attachment to send.
export function upload(file) {
  if (file.size > 20 * 1024 * 1024) return Promise.reject(new Refusal('too_large'));
  return request(`/latihan/unggah?nama=${encodeURIComponent(file.name)}`, { body: file });
}

// fileURL is where an attachment is served.
export function fileURL(file) {
  return `/latihan/berkas/${file.sha || file.id}`;
}

// listen keeps an event stream open for good. on has a function per event name; state is called
// with 'terhubung', 'menyambung' or 'putus'. The browser resumes a stream that broke by itself; one
// that it gave up is opened again here, from the last id seen.
export function listen(on, state) {
  let last = '';
  let wait = 1000;
  const open = () => {
    const source = new EventSource(`/latihan/aliran${last ? `?sejak=${encodeURIComponent(last)}` : ''}`);
    for (const [name, handle] of Object.entries(on)) {
      source.addEventListener(name, (event) => {
        last = event.lastEventId || last;
        handle(JSON.parse(event.data));
      });
    }
    source.addEventListener('open', () => {
      wait = 1000;
      state('terhubung');
    });
    source.addEventListener('error', () => {
      if (source.readyState !== EventSource.CLOSED) return state('menyambung');
      state('putus');
      setTimeout(open, wait);
      wait = Math.min(wait * 2, 15000);
    });
  };
  state('menyambung');
  open();
}
