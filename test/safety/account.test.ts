import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newPerson } from '../cli/run';

/** What AWS, or what stands where AWS should be, may answer. No answer is a stack trace. */

const person = newPerson();
afterAll(person.leave);

const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION'] as const;
const before = KEYS.map((key) => process.env[key]);
beforeEach(() => {
  for (const key of KEYS) process.env[key] = 'x';
  delete process.env.AWS_REGION;
});
afterAll(() => {
  for (const [i, key] of KEYS.entries()) {
    const value = before[i];
    if (value === undefined) delete process.env[key];
    else process.env[key] = value;
  }
});

async function answering(
  answer: { status: number; type: string; body: string },
  use: (endpoint: string) => Promise<void>,
): Promise<void> {
  const server = createServer((_, response) => {
    response.writeHead(answer.status, { 'content-type': answer.type });
    response.end(answer.body);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const xmlError = (code: string): string =>
  `<Response><Errors><Error><Code>${code}</Code><Message>m</Message></Error></Errors><RequestID>1</RequestID></Response>`;

test.each([
  [
    'an HTML page',
    { status: 200, type: 'text/html', body: '<html><p>Sign in<br></html>' },
    /AWS answered/,
  ],
  ['an HTML error', { status: 403, type: 'text/html', body: '<html><p>no<br>' }, /AWS answered/],
  [
    'no permission',
    { status: 403, type: 'text/xml', body: xmlError('UnauthorizedOperation') },
    /AWS answered: UnauthorizedOperation/,
  ],
  [
    'a clock that is ahead',
    { status: 403, type: 'text/xml', body: xmlError('RequestExpired') },
    /clock/,
  ],
  [
    'expired credentials',
    { status: 400, type: 'text/xml', body: xmlError('ExpiredToken') },
    /no valid AWS credentials/,
  ],
])('%s: exit 2 and a sentence', async (_, answer, says) => {
  await answering(answer, async (endpoint) => {
    const ran = await person.here('sweep', 'capstone', '--dry-run', '--endpoint', endpoint);
    expect(ran).toMatchObject({ code: 2, out: '', err: expect.stringMatching(says) });
    expect(ran.err).toMatch(/fix: /);
  });
});

test.each([
  ['', /'' is not the name of an AWS region/],
  ['eu', /is not the name of an AWS region/],
  ['x@127.0.0.1/#', /is not the name of an AWS region/],
])("the region '%s' is refused", async (region, says) => {
  const ran = await person.here('sweep', 'capstone', '--dry-run', '--region', region);
  expect(ran).toMatchObject({ code: 2, err: expect.stringMatching(says) });
});

test('AWS_REGION that is empty means not set', async () => {
  process.env.AWS_REGION = '';
  await answering({ status: 403, type: 'text/xml', body: xmlError('No') }, async (endpoint) => {
    const ran = await person.here('sweep', 'capstone', '--dry-run', '--endpoint', endpoint);
    expect(ran.err).toMatch(/AWS answered: No/);
  });
});

test.each([
  [['sweep', 'capstoen', '--dry-run'], /no lab has the id 'capstoen'[\s\S]*did you mean capstone/],
  [['sweep', 'capstone', '--as', '../x', '--dry-run'], /no lab has the id/],
  [['sweep', 'capstone-', '--dry-run'], /no lab has the id/],
  [['sweep', '', '--dry-run'], /no lab has the id/],
])('%j is refused before AWS is asked', async (args, says) => {
  const ran = await person.here(...args);
  expect(ran).toMatchObject({ code: 2, err: expect.stringMatching(says) });
});
