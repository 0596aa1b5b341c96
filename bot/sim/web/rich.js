// Message text to nodes: bold marks of the bot, and links.

const LINK = /(?:https?:\/\/|www\.)[^\s<>"]+/gi;
const TAIL = /[.,;:!?)\]}'*_]+$/;

// rich returns the nodes of a text. Only the bot's text has marks: U+0002 begins bold and U+0003
// ends it. In anybody's text they are otherwise dropped, like all control characters.
export function rich(text, marked) {
  if (!marked) return linked(plain(text));
  return text.split('\u0002').flatMap((part, i) => {
    if (i === 0) return linked(plain(part));
    const end = part.indexOf('\u0003');
    const bold = document.createElement('strong');
    bold.append(...linked(plain(end < 0 ? part : part.slice(0, end))));
    return [bold, ...(end < 0 ? [] : linked(plain(part.slice(end))))];
  });
}

// plain removes marks and other control characters.
export function plain(text) {
  return (text ?? '').replace(/[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '');
}

function linked(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const url = match[0].replace(TAIL, '');
    const a = document.createElement('a');
    a.href = /^www\./i.test(url) ? `https://${url}` : url;
    a.target = '_blank';
    a.rel = 'noopener noreferrer nofollow';
    a.append(url);
    nodes.push(text.slice(from, match.index), a);
    from = match.index + url.length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((n) => n !== '');
}
