// What is measured: choose a resource and an instrument, and see it over time.
import { amount, api, field, h, noTelemetry, nothing, number, remember, repeat, search, select, setOptions, to } from './common.js';

export const title = 'Metrics';

const ranges = [['5', '5 minutes'], ['15', '15 minutes'], ['60', '1 hour'], ['180', '3 hours'], ['720', '12 hours']];
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export async function show(main, { asked, left }) {
  let instruments = [];
  let filter = '';
  const resource = select('', [], value => choose({ resource: value, meter: '', instrument: '' }));
  const list = h('nav', { 'aria-label': 'Instruments', className: 'instruments' });
  const chart = h('section', { className: 'chart' });
  const empty = noTelemetry('No metrics yet. Services send theirs every five seconds.');
  const view = { dimensions: h('div', { className: 'toolbar' }), drawing: h('div', { className: 'drawings' }), head: h('div') };

  const key = ({ meter, name }) => `${meter}/${name}`;
  const wanted = () => instruments.find(row => row.resource === asked.resource && row.meter === asked.meter && row.name === asked.instrument);
  const parameters = () => {
    const query = new URLSearchParams({ resource: asked.resource, meter: asked.meter, instrument: asked.instrument, minutes: asked.minutes ?? '15', splitBy: asked.splitBy ?? '' });
    for (const [name, value] of Object.entries(asked)) if (name.startsWith('with.') && value) query.append('with', `${name.slice(5)}=${value}`);
    return query;
  };

  function choose(change) {
    if ('instrument' in change) for (const name of Object.keys(asked)) if (name.startsWith('with.') || name === 'splitBy') delete asked[name];
    Object.assign(asked, change);
    remember('metrics', asked);
    return refresh();
  }

  function showInstruments() {
    const fitting = instruments.filter(row => row.resource === asked.resource && key(row).toLowerCase().includes(filter.toLowerCase()));
    const groups = Object.entries(Object.groupBy(fitting, row => row.meter));
    const text = JSON.stringify([groups, asked.meter, asked.instrument]);
    if (list.text_ === text) return;
    list.text_ = text;
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    list.replaceChildren(...groups.map(([meter, rows]) => h('section', {}, h('h2', {}, meter), h('ul', {}, rows.map(row => h('li', {}, h('a', {
      href: to('metrics', { resource: row.resource, meter, instrument: row.name, minutes: asked.minutes }), 'data-key': key(row), title: row.description,
      'aria-current': row === wanted() ? 'true' : null,
      onclick: event => {
        event.preventDefault();
        choose({ meter, instrument: row.name });
      },
    }, row.name)))))));
    if (focused) list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  async function refresh() {
    instruments = await api('metrics');
    if (left.aborted) return;
    const resources = [...new Set(instruments.map(row => row.resource))];
    empty.hidden = resources.length > 0;
    if (resources.length === 0) return;
    asked.resource ||= resources[0];
    const first = instruments.find(row => row.resource === asked.resource && row.kind === 'histogram' && row.meter.startsWith('Microsoft.AspNetCore.Hosting')) ?? instruments.find(row => row.resource === asked.resource);
    if (!asked.instrument && first) Object.assign(asked, { meter: first.meter, instrument: first.name });
    setOptions(resource, asked.resource, resources);
    showInstruments();
    const points = wanted() && await api('metrics/points', parameters());
    if (left.aborted) return;
    if (points) draw(points);
    else view.drawing.replaceChildren(nothing('This resource has not sent this instrument.'));
  }

  function draw(points) {
    const { instrument } = points;
    view.head.replaceChildren(h('h2', {}, instrument.name), h('p', {}, instrument.description || instrument.meter));
    const controls = [
      ...points.dimensions.map(({ name, values }) => field(name, select(asked[`with.${name}`] ?? '', [['', 'All'], ...values.map(value => [value, value || '(empty)'])], value => choose({ [`with.${name}`]: value })))),
      instrument.kind !== 'histogram' && points.dimensions.length > 0 && field('Split by', select(asked.splitBy ?? '', [['', instrument.kind === 'level' ? 'All attributes' : 'Nothing'], ...points.dimensions.map(({ name }) => name)], value => choose({ splitBy: value }))),
    ].filter(control => control);
    const text = JSON.stringify([points.dimensions, instrument, asked.splitBy, Object.entries(asked).filter(([name]) => name.startsWith('with.'))]);
    if (view.dimensions.text_ !== text) {
      const focused = [...view.dimensions.querySelectorAll('select')].indexOf(document.activeElement);
      view.dimensions.replaceChildren(...controls);
      if (focused >= 0) view.dimensions.querySelectorAll('select')[focused]?.focus();
    }
    view.dimensions.text_ = text;
    const unit = instrument.kind === 'counter' ? value => `${amount(value, instrument.unit)}/s` : value => amount(value, instrument.unit);
    const parts = [drawing(view.drawing.clientWidth, points, points.lines, unit, points.exemplars, instrument.name)];
    if (points.totalLines > points.lines.length) parts.push(h('p', { className: 'summary' }, `Showing the largest ${number(points.lines.length)} of ${number(points.totalLines)} lines. Choose a value or split by one attribute to see others.`));
    if (points.rate) parts.push(h('h3', {}, 'Measurements in a second'), drawing(view.drawing.clientWidth, points, [points.rate], value => `${amount(value, '')}/s`, [], 'Measurements in a second'));
    parts.push(table(points, unit, view.drawing.querySelector('details')?.open));
    // What somebody points at or has opened stays until they leave it.
    if (view.drawing.matches(':hover') && view.drawing.childElementCount > 1 && view.drawing.for_ === parameters().toString() && view.drawing.querySelector('.reading:not([hidden])')) return;
    const focused = view.drawing.contains(document.activeElement) ? document.activeElement : null;
    view.drawing.for_ = parameters().toString();
    view.drawing.replaceChildren(...parts);
    if (focused) (view.drawing.querySelector(focused.dataset.key ? `[data-key="${focused.dataset.key}"]` : focused.tagName) ?? view.drawing.querySelector('svg'))?.focus();
  }

  chart.append(view.head, view.dimensions, view.drawing);
  main.append(
    h('h1', {}, title),
    h('div', { className: 'toolbar' },
      field('Resource', resource),
      field('Time', select(asked.minutes ?? '15', ranges, value => choose({ minutes: value }))),
      field('Instrument', search('', 'part of its name', value => {
        filter = value;
        showInstruments();
      }), 'wide')),
    empty, h('div', { className: 'measured' }, list, chart));
  addEventListener('resize', () => refresh(), { signal: left });
  return repeat(refresh, left, 5000);
}

const svg = (tag, attributes, ...children) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/** A step of 1, 2 or 5 that cuts a height into about four. */
function tickStep(highest) {
  const rough = highest / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map(factor => factor * power).find(step => step >= rough);
}

function drawing(width, { from, step }, lines, words, exemplars, label) {
  width = Math.max(width, 280);
  const [height, leftEdge, bottom, top, right] = [220, 64, 24, 10, 12];
  const count = lines[0]?.values.length ?? 0;
  const values = lines.flatMap(line => line.values).filter(value => value !== null);
  const figure = h('figure', {});
  if (values.length === 0) {
    figure.append(nothing('Nothing was measured in this time.'));
    return figure;
  }

  const [lowest, highest] = [Math.min(0, ...values), Math.max(...values, ...exemplars.map(exemplar => exemplar.value))];
  const high = highest > lowest ? highest : lowest + 1;
  const tick = tickStep(high - lowest);
  const [low, ceiling] = [Math.floor(lowest / tick) * tick, Math.ceil(high / tick) * tick];
  const x = index => leftEdge + ((width - leftEdge - right) * (index + 0.5)) / count;
  const y = value => top + (height - top - bottom) * (1 - (value - low) / (ceiling - low));
  const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'group', tabindex: '0', 'aria-label': `${label}: ${lines.map(line => `${line.name} now ${latest(line, words)}`).join(', ')}. Arrow keys read the values.` });

  for (let at = low; at <= ceiling + tick / 2; at += tick) {
    picture.append(svg('line', { class: 'grid', x1: leftEdge, x2: width - right, y1: y(at), y2: y(at) }));
    picture.append(svg('text', { class: 'tick', x: leftEdge - 6, y: y(at) + 4, 'text-anchor': 'end' }, words(Math.abs(at) < tick / 1e6 ? 0 : at)));
  }
  const marks = Math.max(2, Math.floor((width - leftEdge) / 110));
  for (let mark = 0; mark <= marks; mark++) {
    const index = Math.round((mark * (count - 1)) / marks);
    picture.append(svg('text', { class: 'tick', x: x(index), y: height - 6, 'text-anchor': mark === 0 ? 'start' : mark === marks ? 'end' : 'middle' }, clock.format(from + (index + 1) * step)));
  }
  lines.forEach((line, number) => {
    let path = '';
    line.values.forEach((value, index) => {
      if (value === null) return;
      const fresh = index === 0 || line.values[index - 1] === null;
      path += `${fresh ? 'M' : 'L'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
      if (fresh && (line.values[index + 1] ?? null) === null) path += 'h2';
    });
    picture.append(svg('path', { class: `line l${number % 12}`, d: path }));
  });
  // One stop for who goes by the keyboard, at the newest; arrow keys go between them.
  const dots = exemplars.toSorted((one, other) => one.at - other.at).map(({ at, value, trace, span }, number) => {
    const label = `${words(value)} at ${clock.format(at)}: see its trace`;
    const index = Math.min((at - from) / step - 0.5, count - 1);
    return svg('a', { href: to(`traces/${trace}`, { span }), class: 'exemplar', tabindex: number === exemplars.length - 1 ? '0' : '-1', 'aria-label': label, 'data-key': `dot ${at}` },
      svg('circle', { cx: x(index), cy: y(value), r: 4 }, svg('title', {}, label)));
  });
  picture.append(...dots);

  const cursor = svg('line', { class: 'cursor', y1: top, y2: height - bottom, visibility: 'hidden' });
  const reading = h('div', { className: 'reading', role: 'status', hidden: true });
  picture.append(cursor);
  let read = count - 1;
  const point = index => {
    read = Math.max(0, Math.min(count - 1, index));
    cursor.setAttribute('x1', x(read));
    cursor.setAttribute('x2', x(read));
    cursor.setAttribute('visibility', 'visible');
    reading.hidden = false;
    reading.replaceChildren(h('b', {}, clock.format(from + (read + 1) * step)), ...lines.map((line, number) => line.values[read] !== null && h('span', { className: `named l${number % 12}` }, `${line.name}: ${words(line.values[read])}`)).filter(part => part));
  };
  const leave = () => {
    cursor.setAttribute('visibility', 'hidden');
    reading.hidden = true;
  };
  picture.addEventListener('pointermove', event => point(Math.floor(((event.offsetX - leftEdge) / (width - leftEdge - right)) * count)));
  picture.addEventListener('pointerleave', leave);
  picture.addEventListener('blur', leave);
  picture.addEventListener('keydown', event => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!move) return;
    event.preventDefault();
    const dot = dots.indexOf(event.target);
    if (dot >= 0) dots[dot + move]?.focus();
    else point(reading.hidden ? read : read + move);
  });
  picture.addEventListener('focusin', event => dots.includes(event.target) && dots.forEach(dot => dot.setAttribute('tabindex', dot === event.target ? '0' : '-1')));
  figure.append(picture, reading, h('figcaption', {}, lines.map((line, number) => h('span', { className: `named l${number % 12}` }, `${line.name}: ${latest(line, words)}`)),
    exemplars.length > 0 && h('span', { className: 'named dot' }, 'one measurement, with its trace')));
  return figure;
}

function latest(line, words) {
  const value = line.values.findLast(each => each !== null);
  return value === undefined ? 'nothing' : words(value);
}

/** The same as numbers, newest first. */
function table({ from, step, lines, exemplars }, words, open) {
  const rows = (lines[0]?.values ?? []).map((_, index) => index).filter(index => lines.some(line => line.values[index] !== null)).reverse();
  return h('details', { open: open ?? false }, h('summary', {}, 'As a table'),
    h('div', { className: 'scroll', tabIndex: 0, role: 'region', 'aria-label': 'Values' }, h('table', {},
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Until'), lines.map(line => h('th', { scope: 'col' }, line.name)), h('th', { scope: 'col' }, 'Traces'))),
      h('tbody', {}, rows.map(index => h('tr', {}, h('td', {}, clock.format(from + (index + 1) * step)), lines.map(line => h('td', { className: 'number' }, line.values[index] === null ? '' : words(line.values[index]))),
        h('td', {}, exemplars.filter(exemplar => Math.floor((exemplar.at - from) / step) === index).slice(0, 3).map(exemplar => [h('a', { href: to(`traces/${exemplar.trace}`, { span: exemplar.span }), 'data-key': `cell ${exemplar.at}` }, exemplar.trace.slice(0, 8)), ' ']))))))));
}
