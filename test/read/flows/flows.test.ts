import { ip } from '../../../lib/model/address';
import type { Flow } from '../../../lib/model/flow';
import type { OutsideEndpoint } from '../../../lib/model/world';
import { parseEnd } from '../../../lib/read/flows/ends';
import { parseFlow, readFlows } from '../../../lib/read/flows/flows';
import { worldOf } from '../../build/reading';

const deployment = (name: string, namespace: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  replicas: 2
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: c, ports: [{ containerPort: 80, name: http }] }] }`;

const world = worldOf(
  deployment('web', 'shop'),
  deployment('db', 'shop'),
  deployment('db', 'other'),
  'apiVersion: v1\nkind: Service\nmetadata: { name: front, namespace: shop }\nspec: { ports: [{ port: 80, name: main }] }',
);

describe('who an end is', () => {
  test.each`
    text                | end
    ${'shop/web-1'}     | ${{ kind: 'pod', namespace: 'shop', name: 'web-1' }}
    ${'web-1'}          | ${{ kind: 'pod', namespace: 'shop', name: 'web-1' }}
    ${'web'}            | ${{ kind: 'pod', namespace: 'shop', name: 'web-0' }}
    ${'other/db'}       | ${{ kind: 'pod', namespace: 'other', name: 'db-0' }}
    ${'pod:web'}        | ${{ kind: 'pod', namespace: 'shop', name: 'web-0' }}
    ${'svc:shop/front'} | ${{ kind: 'service', namespace: 'shop', name: 'front' }}
    ${'svc:front'}      | ${{ kind: 'service', namespace: 'shop', name: 'front' }}
    ${'node:node-a'}    | ${{ kind: 'node', name: 'node-a' }}
    ${'ip:10.0.1.1'}    | ${{ kind: 'ip', address: '10.0.1.1' }}
    ${'ip:fd00::0:1'}   | ${{ kind: 'ip', address: 'fd00::1' }}
    ${'internet'}       | ${{ kind: 'internet' }}
    ${'db'}             | ${{ problem: "'db' is in several namespaces", fix: 'write other/db-0 or shop/db-0' }}
    ${'shop/wbe'}       | ${{ problem: "there is no pod 'shop/wbe'", fix: 'write shop/web' }}
    ${'front'}          | ${{ problem: "'front' is a service, and no pod or workload", fix: 'write svc:shop/front' }}
    ${'svc:frnt'}       | ${{ problem: "there is no service 'frnt'", fix: 'write svc:front' }}
    ${'node:nodea'}     | ${{ problem: "there is no node 'nodea'", fix: 'write node:node-a' }}
    ${'ip:10.0.0.256'}  | ${{ problem: "'10.0.0.256' is not an IP address", fix: 'write one like ip:10.0.0.1' }}
    ${'xyzzyxyzzy'}     | ${{ problem: "there is no pod 'xyzzyxyzzy'", fix: expect.stringContaining('use one of ') }}
  `('$text', ({ text, end }) => {
    expect(parseEnd(text, world)).toEqual(end);
  });
});

test.each([
  ['xyzzyxyzzy', (names: readonly string[]) => names.every((name) => !name.includes('/'))],
  ['xyzzy/xyzzy', (names: readonly string[]) => names.every((name) => name.includes('/'))],
])('%s: the names to use instead are of its form', (text, areOfForm) => {
  const end = parseEnd(text, world);
  const fix = 'fix' in end ? end.fix : '';
  const names = (/^use one of (.*?) \(/.exec(fix)?.[1] ?? '').split(/, | or /);
  expect(names.length).toBeGreaterThan(2);
  expect(areOfForm(names)).toBe(true);
});

test('a machine outside is named as its lab calls it', () => {
  const partner: OutsideEndpoint = {
    kind: 'outside',
    name: 'partner.example',
    addresses: [ip('198.51.100.10')],
    ports: [],
  };
  const address = { kind: 'ip', address: '198.51.100.10' };
  expect(parseEnd('partner.example', { ...world, outside: [partner] })).toEqual(address);
  expect(parseEnd('partner.example', world)).toMatchObject({
    problem: expect.stringMatching(/no pod/),
  });
});

test('an answer is the flow it answers', () => {
  const asked = { id: 'a', from: 'shop/web-0', to: 'shop/db-0', protocol: 'TCP', port: 80 };
  const extra = { verdict: 'denied', by: [], trace: [], observation: 'timed-out', met: [] };
  const read = (value: object) => readFlows({ path: 'f', text: JSON.stringify(value) }, world);
  expect(read({ ...asked, ...extra })).toEqual(read(asked));
  expect(read({ ...asked, ...extra, colour: 'red' })).toMatchObject({ kind: 'problems' });
});

describe('a question as a person types it', () => {
  const web = { kind: 'pod', namespace: 'shop', name: 'web-0' };
  test.each`
    to                   | flow
    ${'shop/web:80'}     | ${{ to: web, protocol: 'TCP', port: 80 }}
    ${'web:http'}        | ${{ to: web, protocol: 'TCP', port: 'http' }}
    ${'web:53/udp'}      | ${{ to: web, protocol: 'UDP', port: 53 }}
    ${'web/icmp'}        | ${{ to: web, protocol: 'ICMP', port: undefined }}
    ${'svc:front:main'}  | ${{ to: { kind: 'service', namespace: 'shop', name: 'front' }, protocol: 'TCP', port: 'main' }}
    ${'ip:1.2.3.4:443'}  | ${{ to: { kind: 'ip', address: '1.2.3.4' }, protocol: 'TCP', port: 443 }}
    ${'ip:[fd00::1]:53'} | ${{ to: { kind: 'ip', address: 'fd00::1' }, protocol: 'TCP', port: 53 }}
    ${'internet:443'}    | ${{ to: { kind: 'internet' }, protocol: 'TCP', port: 443 }}
  `('to $to', ({ to, flow }) => {
    expect(parseFlow('web', to, world)).toEqual({ from: web, ...flow });
  });

  test.each`
    to               | problem
    ${'web'}         | ${'port is missing'}
    ${'web:0'}       | ${'0 is out of range'}
    ${'web:70000'}   | ${'70000 is out of range'}
    ${'web:htp'}     | ${"shop/web-0 has no port named 'htp'"}
    ${'web:80/icmp'} | ${'ICMP has no port'}
    ${'svc:front'}   | ${'port is missing'}
    ${'nobody:80'}   | ${"there is no pod 'nobody'"}
  `('to $to: $problem', ({ to, problem }) => {
    expect(parseFlow('web', to, world)).toMatchObject({ problem });
  });
});

const read = (...lines: readonly string[]) =>
  readFlows({ path: 'flows.jsonl', text: lines.join('\n') }, world);

test('a file of flows is read line by line', () => {
  const flows: readonly Flow[] = [
    {
      id: 'a',
      from: { kind: 'pod', namespace: 'shop', name: 'web-0' },
      to: { kind: 'service', namespace: 'shop', name: 'front' },
      protocol: 'TCP',
      port: 80,
    },
    {
      id: '7',
      from: { kind: 'internet' },
      to: { kind: 'node', name: 'node-b' },
      protocol: 'ICMP',
      port: undefined,
    },
  ];
  expect(
    read(
      '{"id":"a","from":"shop/web-0","to":"svc:shop/front","protocol":"TCP","port":80}',
      '',
      '{"id":7,"from":"internet","to":"node:node-b","protocol":"ICMP"}',
    ),
  ).toEqual({ kind: 'read', value: flows, warnings: [], skipped: {} });
});

test('too long a file, and too many problems, are told as such', () => {
  const problemsOf = (text: string) => {
    const reading = readFlows({ path: 'f', text }, world);
    return reading.kind === 'problems' ? reading.problems.map(({ problem }) => problem) : [];
  };
  expect(problemsOf(' '.repeat(500_000_000))).toEqual([expect.stringContaining('needs about')]);
  expect(problemsOf('x\n'.repeat(5000))).toHaveLength(1001);
});

test('all that is wrong with them comes together', () => {
  const flow = (rest: string) => `{"from":"web","to":"shop/web-1",${rest}}`;
  const reading = read(
    flow('"protocol":"TCP","port":70000'),
    flow('"protocol":"tcp","port":80'),
    flow('"protocol":"TCP"'),
    flow('"protocol":"ICMP","port":80'),
    flow('"protocol":"TCP","port":"web"'),
    flow('"protocol":"TCP","prot":80,"port":80'),
    '{"from":"svc:front","to":"shop/web-9","protocol":"TCP","port":80}',
    '{"from":"web"}',
    'from web to db',
    '[]',
  );
  const problems = reading.kind === 'problems' ? reading.problems : [];
  expect(problems.map(({ document, path, problem }) => [document, path, problem])).toEqual([
    [0, 'port', '70000 is out of range'],
    [1, 'protocol', "'tcp' is no protocol"],
    [2, 'port', 'port is missing'],
    [3, 'port', 'ICMP has no port'],
    [4, 'port', "shop/web-1 has no port named 'web'"],
    [5, 'prot', "there is no field 'prot' here"],
    [6, 'from', 'a service opens no connections'],
    [6, 'to', "there is no pod 'shop/web-9'"],
    [7, 'to', 'to is missing'],
    [7, 'protocol', 'protocol is missing'],
    [8, '', expect.stringContaining('the line is not valid JSON')],
    [9, '', 'expected an object, found a list'],
  ]);
  expect(problems.every(({ file, fix }) => file === 'flows.jsonl' && fix !== '')).toBe(true);
});
