// Shows the page that the address names, and asks for the token where the host wants it.
import { about, api, colourOf, h, trouble } from './common.js';
import * as consolePage from './console.js';
import * as logs from './logs.js';
import * as metrics from './metrics.js';
import * as resources from './resources.js';
import * as traces from './traces.js';

const pages = { resources, console: consolePage, logs, traces, metrics };
const main = document.getElementById('main');
let leaving = new AbortController();

async function show() {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, ...rest] = path.split('/').map(decodeURIComponent);
  const page = pages[name] ?? resources;
  for (const link of document.querySelectorAll('nav a')) {
    if (pages[link.hash.slice(2)] === page) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.title = `${page.title} · ${document.getElementById('application').textContent}`;
  main.className = page.title.toLowerCase();
  main.replaceChildren();
  try {
    await page.show(main, { rest, asked: Object.fromEntries(new URLSearchParams(query)), left: signal });
  } catch (error) {
    if (!signal.aborted) trouble(error);
  }
}

function askForToken() {
  leaving.abort();
  const token = h('input', { type: 'password', required: true, autocomplete: 'off', autofocus: true });
  const refused = h('p', { role: 'alert', className: 'bad' });
  main.className = 'token';
  main.replaceChildren(h('form', {
    onsubmit: async event => {
      event.preventDefault();
      const answer = await fetch('api/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token: token.value.trim() }) });
      if (answer.ok) start();
      else refused.textContent = 'That is not the token of this start.';
    },
  },
  h('h1', {}, 'Sign in'),
  h('p', {}, 'The host prints an address with a token when it starts: open that, or enter the token here.'),
  h('label', { className: 'field' }, h('span', {}, 'Token'), token), h('button', {}, 'Sign in'), refused));
  token.focus();
}

async function start() {
  try {
    Object.assign(about, await api('about'));
    document.getElementById('application').textContent = about.application;
    // Those that traces and metrics come from have the colours that differ most.
    const sendsTelemetry = resource => resource.kind === 'Project';
    for (const resource of (await api('resources')).sort((one, other) => sendsTelemetry(other) - sendsTelemetry(one))) colourOf(resource.service);
    await show();
  } catch (error) {
    trouble(error);
  }
}

addEventListener('hashchange', show);
addEventListener('signed-out', askForToken);
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});
start();
