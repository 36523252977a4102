// What a resource prints, as it prints it.
import { api, check, field, h, number, pause, remember, search, select, time, trouble } from './common.js';

export const title = 'Console';

const mostLines = 5000;

export async function show(main, { rest, asked, left }) {
  const names = (await api('resources')).filter(resource => resource.commands.length > 0).map(resource => resource.name);
  let name = rest[0] ?? names[0];
  let text = asked.text ?? '';
  let paused = false;
  let held = [];
  let total = 0;
  let stream;

  const lines = h('div', { className: 'lines', role: 'log', 'aria-label': 'Lines', 'aria-live': 'off', tabIndex: 0 });
  const count = h('p', { className: 'summary', role: 'status' });
  const fits = line => !text || line.plain.toLowerCase().includes(text.toLowerCase());

  function add(batch) {
    const atEnd = lines.scrollTop + lines.clientHeight >= lines.scrollHeight - 20;
    lines.append(...batch.map(line => element(line, text, !fits(line))));
    while (lines.childElementCount > mostLines) lines.firstElementChild.remove();
    if (atEnd) lines.scrollTop = lines.scrollHeight;
    tell();
  }

  function tell() {
    const visible = lines.querySelectorAll(':scope > :not([hidden])').length;
    const waiting = held.length > 0 ? ` ${number(held.length)} more have come since the pause.` : '';
    count.textContent = text ? `Showing ${number(visible)} of ${number(lines.childElementCount)} lines.${waiting}` : `${number(visible)} lines${total > visible + held.length ? `, of ${number(total)} since the start; older ones are in ${name}.log` : ''}.${waiting}`;
  }

  function follow() {
    stream?.close();
    lines.replaceChildren();
    held = [];
    total = 0;
    tell();
    stream = new EventSource(`api/resources/${encodeURIComponent(name)}/console`);
    stream.onerror = () => api('about').catch(trouble); // It comes back by itself, unless the host has forgotten who we are.
    stream.onmessage = event => {
      const batch = JSON.parse(event.data).map(line => ({ ...line, plain: plain(line.text) }));
      total = Number(event.lastEventId);
      if (paused) {
        held.push(...batch);
        held = held.slice(-mostLines);
        tell();
      } else {
        add(batch);
      }
    };
  }

  function filter() {
    remember(`console/${name}`, { text });
    for (const line of lines.children) line.replaceWith(element(line.line, text, !fits(line.line)));
    lines.scrollTop = lines.scrollHeight;
    tell();
  }

  main.append(
    h('h1', {}, title),
    h('div', { className: 'toolbar' },
      field('Resource', select(name, names, value => {
        name = value;
        remember(`console/${name}`, { text });
        follow();
      })),
      field('Search', search(text, 'in these lines', value => {
        text = value;
        filter();
      }), 'wide'),
      check('Times', true, on => lines.classList.toggle('without-times', !on)),
      check('Wrap', true, on => lines.classList.toggle('unwrapped', !on)),
      pause(on => {
        paused = on;
        if (!paused) add(held.splice(0));
      }),
      h('button', { type: 'button', onclick: () => {
        lines.replaceChildren();
        tell();
      } }, 'Clear')),
    lines, count);
  left.addEventListener('abort', () => stream?.close());
  if (name) follow();
}

function element(line, text, hidden) {
  const row = h('div', { hidden }, time(Date.parse(line.at)), h('span', {}, coloured(line.text, text)));
  row.line = line;
  return row;
}

// eslint-disable-next-line no-control-regex
const escapes = /\x1b\[([0-9;?]*)([A-Za-z])|\x1b\][^\x07]*\x07/g;

export const plain = text => text.replace(escapes, '');

/** A line with the colours that it asks for by ANSI escapes, and with what was searched for marked. */
export function coloured(text, searched) {
  const parts = [];
  let style = {};
  let from = 0;
  const take = upTo => {
    if (upTo > from) parts.push(styled(text.slice(from, upTo), style, searched));
  };
  for (const match of text.matchAll(escapes)) {
    take(match.index);
    from = match.index + match[0].length;
    if (match[2] === 'm') style = next(style, match[1].split(';').map(Number));
  }
  take(text.length);
  return parts;
}

function next(style, codes) {
  let now = { ...style };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) now = {};
    else if (code === 1) now.bold = true;
    else if (code === 2) now.dim = true;
    else if (code === 3) now.italic = true;
    else if (code === 4) now.underline = true;
    else if (code === 22) now.bold = now.dim = false;
    else if (code === 23) now.italic = false;
    else if (code === 24) now.underline = false;
    else if (code === 39) now.fore = null;
    else if (code === 49) now.back = null;
    else if (code >= 30 && code <= 37) now.fore = code - 30;
    else if (code >= 90 && code <= 97) now.fore = code - 82;
    else if (code >= 40 && code <= 47) now.back = code - 40;
    else if (code >= 100 && code <= 107) now.back = code - 92;
    else if (code === 38 || code === 48) {
      const [colour, used] = codes[i + 1] === 5 ? [indexed(codes[i + 2]), 2] : [`rgb(${codes.slice(i + 2, i + 5).join(' ')})`, 4];
      now[code === 38 ? 'fore' : 'back'] = colour;
      i += used;
    }
  }
  return now;
}

function indexed(index) {
  if (index < 16) return index;
  if (index >= 232) return `rgb(${Array(3).fill(8 + (index - 232) * 10).join(' ')})`;
  const level = part => (part === 0 ? 0 : 55 + part * 40);
  const cube = index - 16;
  return `rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})`;
}

function styled(text, style, searched) {
  const names = ['bold', 'dim', 'italic', 'underline'].filter(name => style[name]);
  if (typeof style.fore === 'number') names.push(`fore${style.fore}`);
  if (typeof style.back === 'number') names.push(`back${style.back}`);
  const span = h('span', { className: names.join(' ') }, marked(text, searched));
  if (typeof style.fore === 'string') span.style.color = style.fore;
  if (typeof style.back === 'string') span.style.backgroundColor = style.back;
  return span;
}

function marked(text, searched) {
  if (!searched) return [text];
  const parts = [];
  const lower = text.toLowerCase();
  let from = 0;
  for (let at; (at = lower.indexOf(searched.toLowerCase(), from)) >= 0; from = at + searched.length) {
    parts.push(text.slice(from, at), h('mark', {}, text.slice(at, at + searched.length)));
  }
  return [...parts, text.slice(from)];
}
