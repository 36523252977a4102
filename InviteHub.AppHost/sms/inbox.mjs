// The local SMS inbox: takes text messages as a provider does (signed requests after the Standard Webhooks specification, POST /), and shows
// them to people at / and to programs at /messages, newest first. Loopback only; what it shows is forgotten when it stops.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const mostMessages = 1000;
const longestBody = 100_000;
const tolerance = 300;
const secret = Buffer.from((process.env.SMS_SECRET ?? '').replace(/^whsec_/, ''), 'base64');
const port = Number(process.env.SMS_PORT);
if (secret.length < 24 || !Number.isInteger(port)) {
  console.error('SMS_SECRET (24 bytes or more in Base64) and SMS_PORT have to be given');
  process.exit(1);
}

/** Newest first; a message that comes again under its id is the same one. */
const messages = new Map();

createServer(async (request, response) => {
  // Another site that gives its name our address must not read this through a person's browser.
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (!['localhost', '127.0.0.1', '[::1]'].includes(host))
    return answer(400, 'text/plain', 'Ask for localhost.');
  const path = new URL(request.url, 'http://localhost').pathname;
  if (request.method === 'POST' && path === '/')
    return take();
  if (request.method !== 'GET')
    return answer(405, 'text/plain', 'GET / and /messages, POST /');
  if (path === '/healthz')
    return answer(200, 'text/plain', 'ok');
  if (path === '/messages')
    return answer(200, 'application/json', JSON.stringify([...messages.values()].reverse()));
  return path === '/' ? answer(200, 'text/html', page()) : answer(404, 'text/plain', 'Nothing here.');

  async function take() {
    const chunks = [];
    let length = 0;
    for await (const chunk of request) {
      length += chunk.length;
      if (length > longestBody)
        return answer(413, 'text/plain', 'Too long.');
      chunks.push(chunk);
    }

    const body = Buffer.concat(chunks);
    if (!signed(request.headers, body))
      return answer(401, 'text/plain', 'The signature does not hold.');
    try {
      const { data } = JSON.parse(body);
      const known = messages.get(data.id);
      messages.set(data.id, { id: data.id, to: data.to, text: data.text, at: known?.at ?? new Date().toISOString(), times: (known?.times ?? 0) + 1 });
    } catch {
      return answer(400, 'text/plain', 'That is no message.');
    }

    if (messages.size > mostMessages)
      messages.delete(messages.keys().next().value);
    return answer(202, 'application/json', '{}');
  }

  function answer(status, type, text) {
    response.writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    });
    response.end(text);
  }
}).listen(port, '127.0.0.1');

for (const signal of ['SIGTERM', 'SIGINT'])
  process.on(signal, () => process.exit(0));

function signed(headers, body) {
  const id = headers['webhook-id'];
  const at = headers['webhook-timestamp'];
  if (!id || !/^\d+$/.test(at ?? '') || Math.abs(Date.now() / 1000 - Number(at)) > tolerance)
    return false;
  const right = Buffer.from(`v1,${createHmac('sha256', secret).update(`${id}.${at}.`).update(body).digest('base64')}`);
  return String(headers['webhook-signature'] ?? '').split(' ')
    .some(given => given.length === right.length && timingSafeEqual(Buffer.from(given), right));
}

function page() {
  const rows = [...messages.values()].reverse().map(message => `
<article>
<h2>${encoded(message.to)}</h2>
<p><time>${encoded(message.at)}</time></p>
<pre>${linked(message.text)}</pre>
</article>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="5">
<title>Text messages (${messages.size})</title>
<style>body{font:16px/1.5 sans-serif;max-width:40em;margin:1em auto;padding:0 1em}h2{font-size:1em;margin:0}p{margin:0;opacity:.7}
article{border:1px solid;border-radius:.5em;padding:1em;margin:1em 0}pre{font:inherit;white-space:pre-wrap;overflow-wrap:anywhere;margin:.5em 0 0}</style>
</head>
<body>
<main>
<h1>Text messages</h1>
<p>What InviteHub sent by SMS from this machine, newest first. Nobody got it on a telephone.</p>${rows.join('') || '\n<p>There are none yet.</p>'}
</main>
</body>
</html>
`;
}

function encoded(text) {
  return String(text).replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`);
}

function linked(text) {
  return encoded(text).replace(/https?:\/\/[^\s&]+/g, address => `<a href="${address}">${address}</a>`);
}
