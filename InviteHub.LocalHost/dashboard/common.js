// What every page uses: elements, requests, addresses, words for numbers.

/** An element with properties, attributes and children; what is null or false is left out. */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name in element && !name.startsWith('aria')) element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** Where a page is, with what is asked of it. */
export const to = (path, asked = {}) => {
  const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
  return `#/${path}${query.size > 0 ? `?${query}` : ''}`;
};

/** Keeps in the address what the page shows, so that it can be passed on; the page itself stays. */
export const remember = (path, asked) => history.replaceState(null, '', to(path, asked));

export class SignedOut extends Error {}

/** Asks the host. */
export async function api(path, asked = {}, options = {}) {
  const query = asked instanceof URLSearchParams ? asked : new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
  const answer = await fetch(`api/${path}${query.size > 0 ? `?${query}` : ''}`, options);
  if (answer.status === 401) throw new SignedOut();
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail ?? `The host answered with ${answer.status}.`);
  return answer.status === 204 ? null : answer.json();
}

/** Does something now and again until the page is left; never while nobody sees it. */
export function repeat(work, left, milliseconds = 2000) {
  let timer;
  const again = async () => {
    clearTimeout(timer);
    if (!document.hidden) {
      try {
        await work();
        if (!left.aborted) trouble('');
      } catch (error) {
        if (!left.aborted) trouble(error);
      }
    }
    if (!left.aborted) timer = setTimeout(again, milliseconds);
  };
  document.addEventListener('visibilitychange', () => document.hidden || again(), { signal: left });
  left.addEventListener('abort', () => clearTimeout(timer));
  return again();
}

/** Says in the head of the page that something is wrong; signs in anew where that is the trouble. */
export function trouble(error) {
  if (error instanceof SignedOut) dispatchEvent(new Event('signed-out'));
  else document.getElementById('trouble').textContent = error instanceof TypeError ? 'The host does not answer.' : error ? error.message : '';
}

/** Shows items under an element; what stays the same stays as it is, with its focus and its selection. */
export function showList(parent, items, key, make) {
  const before = parent.shown ?? new Map();
  const now = new Map();
  for (const item of items) {
    const [id, text] = [String(key(item)), JSON.stringify(item)];
    const old = before.get(id);
    let node = old?.node;
    if (old?.text !== text) {
      const focused = node?.contains(document.activeElement) ? document.activeElement.dataset.focus ?? '' : null;
      const fresh = make(item);
      node?.replaceWith(fresh);
      node = fresh;
      if (focused !== null) queueMicrotask(() => (node.querySelector(`[data-focus="${focused}"]`) ?? node.querySelector('a, button'))?.focus());
    }
    now.set(id, { text, node });
  }
  for (const [id, { node }] of before) if (!now.has(id)) node.remove();
  let at = parent.firstElementChild;
  for (const { node } of now.values()) {
    if (node === at) at = at.nextElementSibling;
    else parent.insertBefore(node, at);
  }
  parent.shown = now;
}

/** A labelled field of a toolbar. */
export const field = (label, control, className = '') => h('label', { className: `field ${className}` }, h('span', {}, label), control);

export const check = (label, checked, onchange) => h('label', { className: 'check' }, h('input', { type: 'checkbox', checked, onchange: event => onchange(event.target.checked) }), label);

/** A choice; its options are [value, text] or texts. */
export function select(value, options, onchange) {
  const control = h('select', { onchange: () => onchange(control.value) });
  setOptions(control, value, options);
  return control;
}

export function setOptions(control, value, options) {
  const pairs = options.map(option => (Array.isArray(option) ? option : [option, option]));
  if (value && !pairs.some(([known]) => known === value)) pairs.push([value, value]);
  const text = JSON.stringify(pairs);
  if (control.options_ !== text) control.replaceChildren(...pairs.map(([known, name]) => h('option', { value: known }, name)));
  control.options_ = text;
  control.value = value;
}

/** A field to look for something in; it waits until the typing pauses. */
export function search(value, placeholder, onchange) {
  let timer;
  return h('input', {
    type: 'search', value: value ?? '', placeholder, spellcheck: false,
    oninput: event => {
      clearTimeout(timer);
      timer = setTimeout(() => onchange(event.target.value.trim()), 250);
    },
  });
}

/** Runs, or stands still so that it can be read. */
export function pause(onchange) {
  const button = h('button', {
    type: 'button', 'aria-pressed': 'false',
    onclick: () => {
      const paused = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(paused));
      button.textContent = paused ? 'Resume' : 'Pause';
      onchange(paused);
    },
  }, 'Pause');
  return button;
}

const colours = new Map();

/** A resource by its name, with the colour that it has on every page. */
export const named = (name, service = name) => h('span', { className: `named c${colourOf(service)}` }, name);

export function colourOf(name) {
  if (!colours.has(name)) colours.set(name, colours.size % 10);
  return colours.get(name);
}

export const number = value => value.toLocaleString('en');

const rounded = value => value.toLocaleString('en', { maximumSignificantDigits: 3, useGrouping: false });

/** A time in milliseconds, in words. */
export const duration = value =>
  value === 0 ? '0' : value < 1 ? `${rounded(value * 1000)} µs` : value < 1000 ? `${rounded(value)} ms` : value < 60_000 ? `${rounded(value / 1000)} s` : `${rounded(value / 60_000)} min`;

/** A value with the unit of its instrument. */
export function amount(value, unit) {
  if (unit === 's') return duration(value * 1000);
  if (unit === 'ms') return duration(value);
  if (unit === 'By') {
    const names = ['B', 'KiB', 'MiB', 'GiB'];
    let power = 0;
    while (Math.abs(value) >= 1024 && power < names.length - 1) [value, power] = [value / 1024, power + 1];
    return `${rounded(value)} ${names[power]}`;
  }
  const text = Math.abs(value) >= 1000 ? number(Math.round(value)) : rounded(value);
  const name = unit.replace(/^\{(.*)\}$/, '$1');
  return name === '' || name === '1' ? text : `${text} ${name}`;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

export const time = milliseconds => h('time', { dateTime: new Date(milliseconds).toISOString(), title: day.format(milliseconds) }, clock.format(milliseconds));

/** Names and values. */
export const facts = pairs => h('dl', { className: 'facts' }, pairs.filter(([, value]) => value !== null && value !== '').map(([name, value]) => h('div', { className: value.length > 60 ? 'long' : '' }, h('dt', {}, name), h('dd', {}, value))));

export const attributes = (title, list) => list.length > 0 && h('section', {}, h('h3', {}, title), facts(list.map(({ name, value }) => [name, value])));

/** What a list shows of what there is, and a way to more of it. */
export function shown(items, matching, total, noun, more) {
  const words = items === matching ? `${number(matching)} ${noun}` : `Showing ${number(items)} of ${number(matching)} ${noun}`;
  return [
    h('span', {}, matching === total ? `${words}.` : `${words} that fit, of ${number(total)}.`), ' ',
    items < matching && (more ? h('button', { type: 'button', onclick: more }, 'Show more') : 'Narrow the filter to see others.'),
  ].filter(part => part);
}

/** What stands where there is nothing yet. */
export const nothing = text => h('p', { className: 'nothing' }, text);

/** What the host says of itself. */
export const about = {};

/** The same, where telemetry would be, if it came here. */
export const noTelemetry = text => nothing(about.telemetryGoesTo ? `Telemetry goes to ${about.telemetryGoesTo}, as OTEL_EXPORTER_OTLP_ENDPOINT says, and not here.` : text);
