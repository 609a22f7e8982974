import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { codeIn, type OpenedBook, openBook } from './book';

let book: OpenedBook;
beforeAll(async () => {
  book = await openBook();
});
afterAll(async () => {
  expect(book.bugs).toEqual([]);
  await book.close();
});

const own = () => `http://127.0.0.1:${book.port}`;
const json = { 'content-type': 'application/json' };
const HINT = '/api/labs/k8s-1-pods/hint';

describe('the token', () => {
  test('is exchanged for a cookie that scripts and other sites cannot use', async () => {
    const { pathname, search } = new URL(book.url);
    const { status, headers } = await book.raw(pathname + search);
    expect(status).toBe(303);
    expect(headers.location).toBe('/');
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^lab-book-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
  });

  test.each([
    ['a wrong one', '/?token=AAAA'],
    ['an empty one', '/?token='],
    ['two of them', '/?token=A&token=B'],
  ])('%s is refused', async (_, path) => {
    const { status, headers, text } = await book.raw(path);
    expect([status, codeIn(text)]).toEqual([403, 'wrong-token']);
    expect(headers['set-cookie']).toBeUndefined();
  });

  test('it opens nothing but the page', async () => {
    const token = new URL(book.url).search;
    expect((await book.raw(`/api/state${token}`)).status).toBe(403);
  });

  test('from a rebound name it is refused', async () => {
    const { pathname, search } = new URL(book.url);
    const { status } = await book.raw(pathname + search, { headers: { host: 'evil.example' } });
    expect(status).toBe(403);
  });
});

describe('a request that does not come from the page', () => {
  const cookie = () => ({ cookie: book.cookie });
  test.each<[string, string, () => Record<string, string>]>([
    ['no cookie', 'no-cookie', () => ({})],
    ['a cookie of another value', 'no-cookie', () => ({ cookie: `lab-book-${book.port}=AAAA` })],
    [
      'the right value under another name',
      'no-cookie',
      () => ({ cookie: book.cookie.replace('lab', 'x') }),
    ],
    ['a host that was rebound', 'foreign-host', () => ({ ...cookie(), host: 'evil.example' })],
    ['a host of another port', 'foreign-host', () => ({ ...cookie(), host: '127.0.0.1:1' })],
    ['a host without a port', 'foreign-host', () => ({ ...cookie(), host: '127.0.0.1' })],
    [
      'a host that begins alike',
      'foreign-host',
      () => ({ ...cookie(), host: `127.0.0.1:${book.port}.evil.example` }),
    ],
    [
      'an origin elsewhere',
      'foreign-origin',
      () => ({ ...cookie(), origin: 'https://evil.example' }),
    ],
    [
      'an origin of another port',
      'foreign-origin',
      () => ({ ...cookie(), origin: 'http://127.0.0.1:1' }),
    ],
    [
      'an origin of another scheme',
      'foreign-origin',
      () => ({ ...cookie(), origin: own().replace('http', 'https') }),
    ],
    [
      'an origin of the other name',
      'foreign-origin',
      () => ({ ...cookie(), origin: `http://localhost:${book.port}` }),
    ],
    ['an opaque origin', 'foreign-origin', () => ({ ...cookie(), origin: 'null' })],
    [
      'a page of another port',
      'foreign-origin',
      () => ({ ...cookie(), 'sec-fetch-site': 'same-site' }),
    ],
    [
      'a page of another site',
      'foreign-origin',
      () => ({ ...cookie(), 'sec-fetch-site': 'cross-site' }),
    ],
  ])('GET with %s is refused', async (_, code, headers) => {
    for (const path of ['/', '/api/state', '/api/events', '/api/labs/k8s-1-pods']) {
      const { status, text } = await book.raw(path, { headers: headers() });
      expect([path, status, codeIn(text)]).toEqual([path, 403, code]);
    }
  });

  test.each<[string, string, () => Record<string, string>]>([
    ['no cookie', 'no-cookie', () => ({ origin: own() })],
    ['no origin', 'foreign-origin', () => ({ cookie: book.cookie })],
    [
      'a foreign origin',
      'foreign-origin',
      () => ({ cookie: book.cookie, origin: 'https://evil.example' }),
    ],
    [
      'a rebound name as host and origin',
      'foreign-host',
      () => ({ cookie: book.cookie, host: 'evil.example', origin: 'http://evil.example' }),
    ],
  ])('POST with %s is refused, and changes nothing', async (_, code, headers) => {
    const { status, text } = await book.raw(HINT, {
      method: 'POST',
      headers: { ...json, ...headers() },
      body: '{}',
    });
    expect([status, codeIn(text)]).toEqual([403, code]);
    expect(JSON.parse((await book.get('/api/state')).text).progress).toEqual({});
  });

  test('the page itself is admitted, by both names', async () => {
    expect((await book.get('/api/state')).status).toBe(200);
    const host = `localhost:${book.port}`;
    const headers = {
      host,
      origin: `http://${host}`,
      cookie: book.cookie,
      'sec-fetch-site': 'same-origin',
    };
    expect((await book.raw('/api/state', { headers })).status).toBe(200);
  });
});

describe('a WebSocket', () => {
  const address = () => `ws://127.0.0.1:${book.port}/api/labs/k8s-1-pods/terminal?place=node-a`;
  const refusal = (headers: Record<string, string>, url = address()): Promise<number> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url, { headers });
      socket.on('unexpected-response', (_, { statusCode = 0 }) => resolve(statusCode));
      socket.on('open', () => reject(new Error('it was opened')));
      socket.on('error', () => undefined);
    });

  test.each<[string, () => Record<string, string>]>([
    ['no cookie', () => ({ origin: own() })],
    ['no origin', () => ({ cookie: book.cookie })],
    ['a foreign origin', () => ({ cookie: book.cookie, origin: 'https://evil.example' })],
    [
      'a rebound name',
      () => ({ cookie: book.cookie, origin: 'http://evil.example', host: 'evil.example' }),
    ],
    [
      'a page of another port',
      () => ({ cookie: book.cookie, origin: own(), 'sec-fetch-site': 'same-site' }),
    ],
  ])('with %s is refused', async (_, headers) => {
    expect(await refusal(headers())).toBe(403);
  });

  test('of another address is not there', async () => {
    const headers = { cookie: book.cookie, origin: own() };
    expect(await refusal(headers, address().replace('terminal', 'check'))).toBe(404);
    expect(await refusal(headers, address().replace('k8s-1-pods', '..%2f..'))).toBe(404);
    expect(await refusal(headers, address().replace('place=node-a', 'columns=0'))).toBe(400);
  });

  test('into a lab that is not up ends and says so: it is never a shell of the machine', async () => {
    const socket = new WebSocket(address(), { headers: { cookie: book.cookie, origin: own() } });
    const messages: [string, boolean][] = [];
    await new Promise<void>((resolve) => {
      socket.on('message', (data, isBinary) => messages.push([data.toString(), isBinary]));
      socket.on('close', () => resolve());
    });
    expect(messages).toEqual([[expect.stringContaining('lab k8s-1-pods is not up'), false]]);
  });
});

describe('methods', () => {
  const posts = [
    'up',
    'down',
    'check',
    'hint',
    'solve',
    'stage',
    'apply',
    'reset',
    'answer',
    'extend',
    'try',
    'matrix',
    'capture',
  ];
  test.each(posts)('GET of %s changes nothing', async (name) => {
    const { status, text } = await book.get(`/api/labs/k8s-1-pods/${name}`);
    expect([status, codeIn(text)]).toEqual([405, 'bad-method']);
    const { up, progress } = JSON.parse((await book.get('/api/state')).text);
    expect({ up, progress }).toEqual({ up: [], progress: {} });
  });

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is not taken', async (method) => {
    const headers = { cookie: book.cookie, origin: own(), ...json };
    expect((await book.raw(HINT, { method, headers })).status).toBe(405);
    expect((await book.raw('/', { method, headers })).status).toBe(405);
  });

  test('what is there is not named for one that is not admitted', async () => {
    expect((await book.raw('/api/nothing')).status).toBe(403);
    expect((await book.get('/api/nothing')).status).toBe(404);
  });
});

describe('addresses', () => {
  test.each([
    '/../package.json',
    '/..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/data/..%5c..%5cetc',
    '/.git/config',
    '/data/.hidden.js',
    '//etc/passwd',
    '/etc/passwd%00.html',
    '/index.html/',
  ])('%s is no file', async (path) => {
    const { status, text } = await book.get(path);
    expect(status).toBe(404);
    expect(text).not.toContain('root:');
  });

  test.each(['..', '..%2f..', '__proto__', 'constructor', 'k8s-1-pods%00', "k8s-1-pods';ls"])(
    'a lab %s is unknown',
    async (id) => {
      expect((await book.get(`/api/labs/${id}`)).status).toBe(404);
      expect((await book.post(`/api/labs/${id}/up`, {})).status).toBe(404);
    },
  );

  test.each(['__proto__', 'toString', 'labs/k8s-1-pods/__proto__', 'labs/k8s-1-pods/constructor'])(
    'api/%s is no route',
    async (path) => {
      expect((await book.get(`/api/${path}`)).status).toBe(404);
    },
  );

  test('a target that cannot be read is an error', async () => {
    expect(await rawTarget('//')).toContain('400');
    expect(await rawTarget('http://[')).toContain('400');
  });

  /** The first line that is answered to a target that no client would send. */
  const rawTarget = (target: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(book.port, '127.0.0.1', () =>
        socket.write(
          `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${book.port}\r\nCookie: ${book.cookie}\r\n\r\n`,
        ),
      );
      socket.once('data', (data) => {
        resolve(data.toString().split('\r\n')[0] ?? '');
        socket.destroy();
      });
      socket.on('error', reject);
    });
});

describe('bodies', () => {
  const send = (body: string | Buffer, headers: Record<string, string> = json) =>
    book.raw(HINT, {
      method: 'POST',
      headers: { cookie: book.cookie, origin: own(), ...headers },
      body,
    });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonx',
    '',
  ])('of the type %p is refused, as a form would send it', async (type) => {
    const { status, text } = await send('{}', { 'content-type': type });
    expect([status, codeIn(text)]).toEqual([415, 'not-json']);
  });

  test('too large is refused, whether it says so or not', async () => {
    const large = JSON.stringify({ text: 'x'.repeat(1_000_000) });
    expect((await send(large)).status).toBe(413);
    const chunked = await send(large, { ...json, 'transfer-encoding': 'chunked' });
    expect(chunked.status).toBe(413);
  });

  test.each(['', '{', '[', 'undefined', '{"a":1}}', '\u0000'])('%p is not JSON', async (body) => {
    const { status, text } = await send(body);
    expect([status, codeIn(text)]).toEqual([400, 'bad-request']);
  });

  test('bytes that are not UTF-8 are refused, not replaced', async () => {
    expect((await send(Buffer.from([0x22, 0xff, 0xfe, 0x22]))).status).toBe(400);
  });

  test.each([[[]], ['text'], [null], [{ stranger: 1 }], [{ __proto__x: 1 }]])(
    '%p is not what the route asks',
    async (value) => {
      const { status, text } = await book.post(HINT, value);
      expect([status, codeIn(text)]).toEqual([400, 'bad-request']);
    },
  );

  test.each<[string, unknown]>([
    ['up', { hours: 0 }],
    ['up', { hours: 1e9 }],
    ['up', { hours: '8' }],
    ['up', { seed: 1.5 }],
    ['stage', {}],
    ['stage', { stage: ['app'] }],
    ['apply', { name: '../policy.yaml', text: '' }],
    ['apply', { name: 'a/b.yaml', text: '' }],
    ['apply', { name: '.hidden.yaml', text: '' }],
    ['capture', { place: 'node-a', count: 0 }],
    ['capture', { place: 'node-a', seconds: 1e6 }],
    ['compare', { flows: [{ from: 'a', to: 'b' }] }],
    ['try', { draft: { path: '/etc/x.yaml', text: '' } }],
  ])('%s of %j is refused before anything is done', async (name, value) => {
    expect((await book.post(`/api/labs/k8s-1-pods/${name}`, value)).status).toBe(400);
  });
});

test('every answer carries the headers that keep the page safe', async () => {
  for (const path of ['/', '/api/state', '/api/nothing', '/nothing.js']) {
    const { headers } = await book.get(path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toMatch(/unsafe|\*|https?:/);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});

test('the page knows that it is live', async () => {
  expect((await book.get('/')).text).toContain('<meta name="lab-book" content="live">');
});

test('it listens on 127.0.0.1 alone', async () => {
  const refused = await new Promise((resolve) => {
    const socket = connect(book.port, '127.0.0.2', () => resolve('connected'));
    socket.on('error', ({ message }) => resolve(message));
  });
  expect(refused).toContain('ECONNREFUSED');
});

describe('keep', () => {
  const keep = (value: unknown) => book.post('/api/keep', value);
  const text = 'kind: NetworkPolicy\n';

  test('writes a file of the folder once, and again only when that is said', async () => {
    const path = join(book.folder, 'mine.yaml');
    expect((await keep({ name: 'mine.yaml', text })).status).toBe(200);
    expect(readFileSync(path, 'utf8')).toBe(text);
    const again = await keep({ name: 'mine.yaml', text: 'other' });
    expect([again.status, codeIn(again.text)]).toEqual([409, 'exists']);
    expect(readFileSync(path, 'utf8')).toBe(text);
    const over = await keep({ name: 'mine.yaml', text: 'other', overwrite: true });
    expect(JSON.parse(over.text)).toEqual({ path, bytes: 5, overwritten: true });
    expect(readFileSync(path, 'utf8')).toBe('other');
  });

  test.each([
    '../out.yaml',
    '/tmp/out.yaml',
    'a/b.yaml',
    '.x.yaml',
    'x.sh',
    'x.yaml\n',
    '',
    'CON\u0000.yaml',
    '..yaml',
  ])('%p is not the name of a file', async (name) => {
    const { status, text: said } = await keep({ name, text });
    expect([status, codeIn(said)]).toEqual([400, 'bad-name']);
  });

  test('a link is never followed', async () => {
    const target = join(book.folder, 'target.txt');
    writeFileSync(target, 'before');
    symlinkSync(target, join(book.folder, 'link.yaml'));
    expect((await keep({ name: 'link.yaml', text })).status).toBe(409);
    expect((await keep({ name: 'link.yaml', text, overwrite: true })).status).toBe(200);
    expect(readFileSync(target, 'utf8')).toBe('before');
    symlinkSync('/nonexistent/file', join(book.folder, 'dangling.yaml'));
    expect((await keep({ name: 'dangling.yaml', text })).status).toBe(409);
    expect(existsSync('/nonexistent')).toBe(false);
  });

  test('nothing half written is left', () => {
    expect(readdirSync(book.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
