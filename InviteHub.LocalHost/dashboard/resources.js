// Every part of the application: how it is, where it answers, and what can be done with it.
import { about, api, facts, h, named, number, repeat, showList, to, trouble } from './common.js';

export const title = 'Resources';

const kinds = { PostgresServer: 'PostgreSQL', PostgresDatabase: 'Database', RabbitMQServer: 'RabbitMQ', ConnectionString: 'Connection string' };
const sendsTelemetry = resource => resource.kind === 'Project';

/** [class, words] for how a resource is. */
function state(resource) {
  if (resource.state === 'Running') return resource.healthy ? ['good', 'Running'] : ['warn', 'Not healthy'];
  return {
    Waiting: ['idle', 'Waiting'], Starting: ['busy', 'Starting'], Restarting: ['warn', 'Restarting'], Stopping: ['busy', 'Stopping'],
    Stopped: ['idle', 'Stopped'], FailedToStart: ['bad', 'Failed to start'],
  }[resource.state] ?? ['idle', resource.state];
}

export function show(main, { left }) {
  const summary = h('p', { className: 'summary', role: 'status' });
  const body = h('tbody');
  const heads = ['Name', 'State', 'Kind', 'Endpoints', 'Process', 'Restarts', 'See', 'Do'];
  main.append(
    h('h1', {}, title), summary,
    h('table', { className: 'cards' }, h('thead', {}, h('tr', {}, heads.map(head => h('th', { scope: 'col' }, head)))), body),
    h('details', {}, h('summary', {}, 'Send telemetry here from another program'), facts([
      ['OTLP over HTTP (protobuf)', about.telemetryComesTo[0]], ['OTLP over gRPC', about.telemetryComesTo[1]], ['OTEL_EXPORTER_OTLP_HEADERS', about.telemetryHeader],
    ])));
  const refresh = async () => {
    const resources = await api('resources');
    const counts = Object.entries(Object.groupBy(resources, resource => state(resource)[1])).map(([words, of]) => `${number(of.length)} ${words.toLowerCase()}`);
    const text = `${number(resources.length)} resources: ${counts.join(', ')}.`;
    if (summary.textContent !== text) summary.textContent = text;
    showList(body, resources, resource => resource.name, resource => row(resource, refresh));
  };
  return repeat(refresh, left, 1000);
}

function row(resource, refresh) {
  const [tone, words] = state(resource);
  const cell = (label, ...children) => h('td', { 'data-label': label, className: children.some(child => child) ? '' : 'empty' }, ...children);
  return h('tr', { id: `resource-${resource.name}` },
    h('th', { scope: 'row' }, named(resource.name, resource.service)),
    cell('State', h('span', { className: `state ${tone}` }, words), resource.error && h('p', { className: 'error' }, resource.error)),
    cell('Kind', kinds[resource.kind] ?? resource.kind),
    cell('Endpoints', ...resource.endpoints.map(url => h('span', { className: 'endpoint' }, url.startsWith('http') ? h('a', { href: url, target: '_blank', rel: 'noreferrer' }, url) : url))),
    cell('Process', resource.processId && String(resource.processId)),
    cell('Restarts', resource.restarts > 0 && String(resource.restarts)),
    cell('See', resource.commands.length > 0 && h('span', { className: 'links' },
      h('a', { href: to(`console/${resource.name}`), 'data-focus': 'console', 'aria-label': `Console of ${resource.name}` }, 'Console'),
      sendsTelemetry(resource) && ['logs', 'traces', 'metrics'].map(page =>
        h('a', { href: to(page, { resource: resource.service }), 'data-focus': page, 'aria-label': `${page} of ${resource.name}` }, page[0].toUpperCase() + page.slice(1))))),
    cell('Do', resource.commands.length > 0 && h('span', { className: 'links' }, resource.commands.map(command => button(resource.name, command, refresh)))));
}

function button(name, command, refresh) {
  const words = command[0].toUpperCase() + command.slice(1);
  return h('button', {
    type: 'button', 'aria-label': `${words} ${name}`, 'data-focus': command,
    onclick: async event => {
      event.target.disabled = true;
      try {
        const done = api(`resources/${encodeURIComponent(name)}/${command}`, {}, { method: 'POST' });
        await Promise.race([done, new Promise(resume => setTimeout(resume, 300))]);
        await refresh();
        await done;
        await refresh();
      } catch (error) {
        trouble(error);
      }
      event.target.disabled = false;
    },
  }, words);
}
