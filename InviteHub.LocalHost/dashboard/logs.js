// Structured logs: found by resource, level, text and trace; each with its attributes and the way to its trace.
import { api, attributes, facts, field, h, named, noTelemetry, pause, remember, repeat, search, select, setOptions, showList, shown, time, to } from './common.js';

export const title = 'Logs';

const page = 100;
const most = 1000;
const levels = [['', 'All'], ['5', 'Debug and above'], ['9', 'Information and above'], ['13', 'Warning and above'], ['17', 'Error and above'], ['21', 'Critical']];

/** [class, word] for OTLP's number of severity. */
export function level(number) {
  if (number >= 21) return ['bad', 'Critical'];
  if (number >= 17) return ['bad', 'Error'];
  if (number >= 13) return ['warn', 'Warning'];
  if (number >= 9) return ['good', 'Information'];
  return ['idle', number >= 5 ? 'Debug' : 'Trace'];
}

export function show(main, { asked, left }) {
  let limit = page;
  let paused = false;
  let chosen = null;

  const body = h('tbody');
  const count = h('p', { className: 'summary', role: 'status' });
  const empty = noTelemetry('No logs yet that fit. Services send theirs within a second.');
  const details = h('aside', { className: 'details', 'aria-label': 'Details', hidden: true });
  const resource = select(asked.resource ?? '', [['', 'All']], value => ask({ resource: value }));
  const one = h('div', { className: 'chips' });

  async function refresh() {
    if (paused) return;
    const list = await api('logs', { ...asked, limit });
    if (left.aborted) return;
    setOptions(resource, asked.resource ?? '', [['', 'All'], ...list.resources]);
    showList(body, list.items, log => log.number, row);
    empty.hidden = list.items.length > 0;
    count.replaceChildren(...shown(list.items.length, list.matching, list.total, 'logs', limit < most && (() => {
      limit += page;
      return refresh();
    })));
  }

  function ask(change) {
    Object.assign(asked, change);
    limit = page;
    remember('logs', asked);
    chips();
    return refresh();
  }

  function chips() {
    one.replaceChildren(...[['trace', 'Trace'], ['span', 'Span']].filter(([name]) => asked[name]).map(([name, word]) => h('span', { className: 'chip' },
      `${word} `, name === 'trace' ? h('a', { href: to(`traces/${asked.trace}`) }, asked.trace.slice(0, 8)) : asked.span.slice(0, 8),
      h('button', { type: 'button', 'aria-label': `All ${name}s`, onclick: () => ask(name === 'trace' ? { trace: '', span: '' } : { span: '' }) }, '×'))));
  }

  function row(log) {
    const [tone, word] = level(log.level);
    const open = h('button', { type: 'button', className: 'message', 'data-focus': 'message', 'aria-expanded': String(chosen === log.number), onclick: () => choose(log) }, log.message || '(no text)');
    return h('tr', { className: chosen === log.number ? 'chosen' : '' },
      h('td', { 'data-label': 'Time', className: 'at' }, time(log.at)),
      h('td', { 'data-label': 'Level' }, h('span', { className: `state ${tone}` }, word)),
      h('td', { 'data-label': 'Resource' }, named(log.resource)),
      h('td', { 'data-label': 'Message', className: 'grow' }, open),
      h('td', { 'data-label': 'Trace', className: log.trace ? '' : 'empty' }, log.trace && h('a', { href: to(`traces/${log.trace}`, { span: log.span }), 'data-focus': 'trace', 'aria-label': `Trace of ${log.message.slice(0, 40)}` }, log.trace.slice(0, 8))));
  }

  function choose(log) {
    chosen = chosen === log.number ? null : log.number;
    for (const [number, { node }] of body.shown) {
      node.classList.toggle('chosen', number === String(chosen));
      node.querySelector('.message').setAttribute('aria-expanded', String(number === String(chosen)));
    }
    details.hidden = chosen === null;
    const [tone, word] = level(log.level);
    details.replaceChildren(
      h('header', {}, h('h2', {}, 'Log'), h('button', { type: 'button', 'aria-label': 'Close', onclick: () => choose(log) }, '×')),
      h('p', { className: 'text' }, log.message),
      facts([
        ['Time', time(log.at)], ['Level', h('span', { className: `state ${tone}` }, word)], ['Resource', named(log.resource)], ['Category', log.category],
        ['Trace', log.trace && h('a', { href: to(`traces/${log.trace}`, { span: log.span }) }, log.trace)], ['Span', log.span],
      ]),
      attributes('Attributes', log.attributes) || '',
      h('details', {}, h('summary', {}, 'Sent by'), facts(log.sender.map(({ name, value }) => [name, value]))));
  }

  chips();
  main.append(
    h('h1', {}, title),
    h('div', { className: 'toolbar' },
      field('Resource', resource),
      field('Level', select(asked.level ?? '', levels, value => ask({ level: value }))),
      field('Search', search(asked.text, 'in text and attributes', value => ask({ text: value })), 'wide'),
      pause(on => {
        paused = on;
        refresh();
      }), one),
    h('div', { className: 'beside' },
      h('div', {}, h('table', { className: 'cards dense' }, h('thead', {}, h('tr', {}, ['Time', 'Level', 'Resource', 'Message', 'Trace'].map(head => h('th', { scope: 'col' }, head)))), body), empty, count),
      details));
  return repeat(refresh, left);
}
