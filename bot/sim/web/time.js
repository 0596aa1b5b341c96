// Times as people in Western Indonesia read them, whatever the zone of this computer.

import { teks } from './teks.js';

const WIB = 7 * 60 * 60 * 1000;
const two = (n) => String(n).padStart(2, '0');
const shifted = (ms) => new Date(ms + WIB);

// hour is "14.05"; with seconds, "14.05.09".
export function hour(ms, seconds) {
  const d = shifted(ms);
  return [d.getUTCHours(), d.getUTCMinutes(), ...(seconds ? [d.getUTCSeconds()] : [])].map(two).join('.');
}

// dayKey is the same for all moments of one day.
export const dayKey = (ms) => Math.floor((ms + WIB) / 86400000);

// day is "Rabu, 4 November 2026".
export function day(ms) {
  const d = shifted(ms);
  return `${teks.hari[d.getUTCDay()]}, ${d.getUTCDate()} ${teks.bulan[d.getUTCMonth()]} ${d.getUTCFullYear()}`;
}

// shortDay is "Rabu, 4 Nov 2026".
export function shortDay(ms) {
  const d = shifted(ms);
  return `${teks.hari[d.getUTCDay()]}, ${d.getUTCDate()} ${teks.bulan[d.getUTCMonth()].slice(0, 3)} ${d.getUTCFullYear()}`;
}

// dayName is day, or a word for today and yesterday.
export function dayName(ms, now) {
  const ago = dayKey(now) - dayKey(ms);
  if (ago === 0) return teks.hari_ini;
  return ago === 1 ? teks.kemarin : day(ms);
}
