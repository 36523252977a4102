// What happened on the way of a request: a list of traces, and of one trace the waterfall of its spans.
import { api, attributes, check, colourOf, duration, facts, field, h, named, noTelemetry, nothing, number, pause, remember, repeat, search, select, setOptions, showList, shown, time, to } from './common.js';

export const title = 'Traces';

const page = 50;
const most = 500;
const durations = [['', 'Any'], ['10', 'over 10 ms'], ['100', 'over 100 ms'], ['500', 'over 500 ms'], ['1000', 'over 1 s'], ['5000', 'over 5 s']];

export const show = (main, where) => (where.rest[0] ? showOne(main, where) : showAll(main, where));

function showAll(main, { asked, left }) {
  let limit = page;
  let paused = false;

  const body = h('tbody');
  const count = h('p', { className: 'summary', role: 'status' });
  const empty = noTelemetry('No traces yet that fit. Do something in the application: its trace is here a second later.');
  const resource = select(asked.resource ?? '', [['', 'All']], value => ask({ resource: value }));

  async function refresh() {
    if (paused) return;
    const list = await api('traces', { ...asked, limit });
    if (left.aborted) return;
    setOptions(resource, asked.resource ?? '', [['', 'All'], ...list.resources]);
    const longest = Math.max(...list.items.map(trace => trace.duration));
    showList(body, list.items.map(trace => ({ ...trace, share: Math.round((100 * trace.duration) / longest) })), trace => trace.id, row);
    empty.hidden = list.items.length > 0;
    count.replaceChildren(
      ...shown(list.items.length, list.matching, list.total, 'traces', limit < most && (() => {
        limit += page;
        return refresh();
      })),
      list.background > 0 ? ` Left out: ${number(list.background)} in which a service only saw to its database by itself.` : '');
  }

  function ask(change) {
    Object.assign(asked, change);
    limit = page;
    remember('traces', asked);
    return refresh();
  }

  main.append(
    h('h1', {}, title),
    h('div', { className: 'toolbar' },
      field('Resource', resource),
      field('Duration', select(asked.longerThan ?? '', durations, value => ask({ longerThan: value }))),
      field('Search', search(asked.text, 'in names, attributes, ids', value => ask({ text: value })), 'wide'),
      check('Errors only', asked.errors === 'true', on => ask({ errors: on ? 'true' : '' })),
      check('Background', asked.background === 'true', on => ask({ background: on ? 'true' : '' })),
      pause(on => {
        paused = on;
        refresh();
      })),
    h('table', { className: 'cards dense' }, h('thead', {}, h('tr', {}, ['Time', 'Name', 'Spans', 'Duration'].map(head => h('th', { scope: 'col', className: head.toLowerCase() }, head)))), body),
    empty, count);
  return repeat(refresh, left);
}

function row(trace) {
  const bar = h('span', { className: `share c${colourOf(trace.resource)}`, 'aria-hidden': 'true' });
  bar.style.inlineSize = `${Math.max(1, trace.share)}%`;
  return h('tr', {},
    h('td', { 'data-label': 'Time', className: 'at' }, time(trace.startedAt)),
    h('td', { 'data-label': 'Name', className: 'grow' },
      h('a', { href: to(`traces/${trace.id}`), 'data-focus': 'trace' }, `${trace.resource}: ${trace.name}`),
      trace.errors > 0 && h('span', { className: 'state bad' }, trace.errors === 1 ? '1 error' : `${number(trace.errors)} errors`)),
    h('td', { 'data-label': 'Spans' }, h('span', { className: 'parts' }, trace.parts.map(part => h('span', { className: part.errors > 0 ? 'failed' : '' }, named(part.resource), ` ${number(part.spans)}`)))),
    h('td', { 'data-label': 'Duration', className: 'duration' }, h('span', {}, duration(trace.duration)), bar));
}

async function showOne(main, { rest: [id], asked, left }) {
  let known = null;
  let update = null;
  const back = h('p', {}, h('a', { href: to('traces') }, '← All traces'));
  main.append(back, h('h1', {}, 'Trace'));
  return repeat(async () => {
    const trace = await api(`traces/${encodeURIComponent(id)}`);
    if (left.aborted || trace?.total === known?.total && known) return;
    if (trace) {
      if (!update) main.replaceChildren(back);
      update ??= waterfall(main, id, asked);
      update(trace);
      known = trace;
    } else if (!known && main.childElementCount === 2) {
      main.append(
        nothing('This trace is not here: nothing of it has come yet, or newer ones took its place.'),
        h('p', {}, h('a', { href: to('logs', { trace: id }) }, 'Logs of this trace')));
    }
  }, left);
}

/** Builds the page of a trace; the function that comes back shows the trace as it is by now. */
function waterfall(main, id, asked) {
  let trace;
  let chosen = null;
  const closed = new Set();
  const parents = new Map();
  const heading = h('h1');
  const summary = h('p', { className: 'summary' });
  const ticks = h('div', { className: 'ticks', 'aria-hidden': 'true' });
  const tree = h('div', { className: 'tree', role: 'tree', 'aria-label': 'Spans' });
  const count = h('p', { className: 'summary', role: 'status' });
  const details = h('aside', { className: 'details', 'aria-label': 'Details', hidden: true });
  const hasChildren = span => trace.spans[trace.spans.indexOf(span) + 1]?.depth > span.depth;

  // A span is hidden while one above it is closed.
  function visible() {
    const list = [];
    let under = Infinity;
    for (const span of trace.spans) {
      if (span.depth > under) continue;
      under = closed.has(span.id) ? span.depth : Infinity;
      list.push(span);
    }
    return list;
  }

  function draw(focus) {
    const list = visible();
    tree.replaceChildren(...list.map(span => row(span)));
    const current = tree.querySelector(`[data-id="${focus ?? chosen?.id}"]`) ?? tree.firstElementChild;
    if (current) current.tabIndex = 0;
    if (focus) current.focus();
    count.textContent = list.length < trace.total ? `Showing ${number(list.length)} of ${number(trace.total)} spans.` : `${number(trace.total)} spans.`;
  }

  function row(span) {
    const opens = hasChildren(span);
    const open = opens && !closed.has(span.id);
    const name = h('span', { className: 'name' },
      h('span', { className: 'twist', 'aria-hidden': 'true', onclick: event => {
        event.stopPropagation();
        if (opens) toggle(span, !open);
      } }, open ? '▾' : opens ? '▸' : ''),
      h('span', { className: `named c${colourOf(span.resource)}`, title: span.resource }, parents.get(span)?.resource === span.resource ? '' : span.resource),
      sort(span) && h('span', { className: 'sort' }, sort(span)), h('span', { className: 'what' }, span.name),
      span.failed && h('span', { className: 'state bad' }, 'error'));
    name.style.setProperty('--depth', Math.min(span.depth, 24));
    return h('div', {
      role: 'treeitem', tabIndex: -1, 'data-id': span.id, 'aria-level': String(span.depth + 1), 'aria-expanded': opens ? String(open) : null,
      'aria-selected': String(span === chosen), onclick: () => choose(span),
    }, name, track(span, trace.duration));
  }

  function toggle(span, open) {
    if (open) closed.delete(span.id);
    else closed.add(span.id);
    draw(span.id);
  }

  function choose(span) {
    chosen = chosen === span ? null : span;
    remember(`traces/${id}`, { span: chosen?.id });
    showDetails();
    draw(span.id);
  }

  function showDetails() {
    details.hidden = chosen === null;
    if (chosen) details.replaceChildren(...spanDetails(id, chosen, () => choose(chosen)));
  }

  tree.addEventListener('keydown', event => {
    const list = visible();
    const at = list.findIndex(span => span.id === event.target.dataset.id);
    if (at < 0) return;
    const span = list[at];
    const move = to => list[to] && draw(list[to].id);
    const children = hasChildren(span);
    const keys = {
      ArrowDown: () => move(at + 1), ArrowUp: () => move(at - 1), Home: () => move(0), End: () => move(list.length - 1),
      ArrowRight: () => (children && closed.has(span.id) ? toggle(span, true) : children && move(at + 1)),
      ArrowLeft: () => (children && !closed.has(span.id) ? toggle(span, false) : move(list.indexOf(parents.get(span)))),
      Enter: () => choose(span), ' ': () => choose(span),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });

  main.append(heading, summary, h('div', { className: 'beside' }, h('div', { className: 'waterfall' }, ticks, tree, count), details));
  return now => {
    const [isFirst, focused] = [!trace, tree.contains(document.activeElement) ? document.activeElement.dataset.id : undefined];
    trace = now;
    chosen = trace.spans.find(span => span.id === (isFirst ? asked.span : chosen?.id)) ?? null;
    const path = [];
    for (const span of trace.spans) {
      path[span.depth] = span;
      parents.set(span, path[span.depth - 1]);
    }
    const failed = trace.spans.filter(span => span.failed).length;
    heading.textContent = trace.name;
    summary.replaceChildren(
      time(trace.startedAt), ` · ${duration(trace.duration)} · `, failed > 0 ? h('span', { className: 'state bad' }, failed === 1 ? '1 error' : `${number(failed)} errors`) : 'no errors',
      ' · ', h('a', { href: to('logs', { trace: id }) }, 'Logs of this trace'), h('br'),
      h('span', { className: 'parts' }, [...new Set(trace.spans.map(span => span.resource))].map(name => named(name))));
    ticks.replaceChildren(...[0, 0.25, 0.5, 0.75, 1].map(part => h('span', {}, duration(trace.duration * part))));
    if (isFirst) showDetails();
    draw(focused);
    if (isFirst) tree.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'center' });
  };
}

/** What sort of work a span is, as its attributes tell. */
function sort(span) {
  const has = name => span.attributes.some(attribute => attribute.name === name);
  if (has('db.system.name') || has('db.system')) return 'SQL';
  if (span.attributes.some(attribute => attribute.name.startsWith('messaging.'))) return 'Queue';
  if (has('http.request.method') || has('http.method')) return 'HTTP';
  return '';
}

/** When a span was, as a bar with its length beside it. */
function track(span, whole) {
  const share = value => (100 * value) / Math.max(whole, 0.001);
  const [start, end] = [share(span.start), share(span.start + span.duration)];
  const bar = h('span', { className: `bar c${colourOf(span.resource)}${span.failed ? ' failed' : ''}` });
  bar.style.insetInlineStart = `${start}%`;
  bar.style.inlineSize = `max(2px, ${end - start}%)`;
  const length = h('span', { className: 'length' }, duration(span.duration));
  if (end <= 80) {
    length.style.insetInlineStart = `calc(${end}% + 4px)`;
  } else if (start >= 20) {
    length.style.insetInlineEnd = `calc(${100 - start}% + 4px)`;
  } else {
    length.style.insetInlineEnd = '4px';
    length.classList.add('inside');
  }
  return h('span', { className: 'track' }, bar, length);
}

function spanDetails(trace, span, close) {
  return [
    h('header', {}, h('h2', {}, 'Span'), h('button', { type: 'button', 'aria-label': 'Close', onclick: close }, '×')),
    h('p', { className: 'text' }, span.name),
    span.failed && h('p', { className: 'state bad' }, span.status ?? 'Failed'),
    facts([
      ['Resource', named(span.resource)], ['Kind', span.kind], ['Source', span.source], ['Began after', duration(span.start)], ['Took', duration(span.duration)],
      ['Span', span.id], ['Logs', h('a', { href: to('logs', { trace, span: span.id }) }, 'Logs of this span')],
    ]),
    attributes('Attributes', span.attributes),
    span.events.length > 0 && h('section', {}, h('h3', {}, 'Events'), span.events.map(event => h('div', {}, h('p', {}, `${event.name} after ${duration(event.at)}`), facts(event.attributes.map(({ name, value }) => [name, value]))))),
    span.links.length > 0 && h('section', {}, h('h3', {}, 'Linked to'), h('ul', {}, span.links.map(link => h('li', {}, h('a', { href: to(`traces/${link.trace}`, { span: link.span }) }, link.trace))))),
    h('details', {}, h('summary', {}, 'Sent by'), facts(span.sender.map(({ name, value }) => [name, value]))),
  ].filter(part => part);
}
