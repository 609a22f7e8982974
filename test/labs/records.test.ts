import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { labs } from '../../labs';
import { formatEnd } from '../../lib/model/flow';
import { readRecordFiles } from '../../lib/records/open/files';
import { createRecordsReader } from '../../lib/records/open/read';
import { applicationFlows } from '../../lib/session/application';
import { stageWorld } from '../../lib/session/lab-world';
import { recordsFolder } from './delivered-records';
import { labRecords } from './lab-records';

const FILES = Object.entries(labRecords()).flatMap(([id, files]) =>
  files.map((file) => ({ id, name: file.name, file })),
);

const textOf = (name: string, bytes: Buffer): string =>
  (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');

test.each(FILES)('$id: $name is what the lab’s flows give', ({ id, name, file }) => {
  const written = readFileSync(join(recordsFolder(id), name));
  // Compressed bytes differ by the version of zlib; what they hold does not.
  expect(textOf(name, written)).toBe(textOf(name, file.bytes));
});

/** What a file of a lab says in one of its stages. */
async function readIn(id: string, stage: string, name: string) {
  const lab = labs.find((one) => one.id === id);
  if (lab === undefined) throw new Error(`there is no lab ${id}`);
  const world = stageWorld(lab, stage);
  const reader = createRecordsReader(world);
  await readRecordFiles([{ path: join(recordsFolder(id), name) }], reader);
  const { records, notes, files } = reader.result();
  const calls = records.map(({ flow: { from, to, protocol, port }, action }) => {
    return `${action} ${formatEnd(from)} -> ${formatEnd(to)} ${protocol} ${port}`;
  });
  return { lab, world, calls, kinds: notes.map(({ kind }) => kind), files };
}

const GZIP = '123456789010_vpcflowlogs_eu-west-1_fl-0abc_20261130T1000Z_d1b2.log.gz';

test.each([
  { name: 'whisker.json', count: 25, public: true },
  { name: 'goldmane.json', count: 25, public: true },
  { name: 'hubble.json', count: 25, public: false },
  { name: 'conntrack-node-a.txt', count: 20, public: false },
])('zt-1-map: $name has $count of the calls and no other', async (one) => {
  const { lab, world, calls, files } = await readIn('zt-1-map', 'open', one.name);
  const all = applicationFlows(lab, world).map(({ from, to, protocol, port }) => {
    const target = one.public && to.kind === 'ip' ? 'internet' : formatEnd(to);
    return `allow ${formatEnd(from)} -> ${target} ${protocol} ${port}`;
  });
  expect(all).toHaveLength(25);
  expect(calls).toHaveLength(one.count);
  expect(calls.filter((call) => !all.includes(call))).toEqual([]);
  expect(files.map(({ skipped }) => skipped)).toEqual([0]);
});

test('zt-1-map: the VPC flow log lacks calls on one node and hides who called out', async () => {
  const { calls, kinds } = await readIn('zt-1-map', 'open', GZIP);
  const byNodes = calls.filter((call) => call.startsWith('allow node:'));
  expect({ all: calls.length, byNodes: byNodes.length }).toEqual({ all: 14, byNodes: 2 });
  expect(kinds).toEqual(['hidden-by-node', 'same-node']);
});

const DENIED = [
  'deny monitoring/prometheus-0 -> payments/billing-0 TCP 8443',
  'deny shop/debug-0 -> shop/db-0 TCP 5432',
];

test.each([
  { name: 'whisker-stream.txt', outside: ['api-0', 'api-1', 'debug-0'], to: () => 'internet' },
  {
    name: 'hubble.json',
    outside: ['api-0', 'api-1', 'debug-0'],
    to: (pod: string) => (pod === 'debug-0' ? 'ip:203.0.113.66' : 'ip:198.51.100.20'),
  },
])('obs-1-observe: $name shows the denied calls', async ({ name, outside, to }) => {
  const { calls } = await readIn('obs-1-observe', 'enforced', name);
  const denied = calls.filter((call) => call.startsWith('deny ')).sort();
  const calledOut = outside.map((pod) => `deny shop/${pod} -> ${to(pod)} TCP 443`);
  expect(denied).toEqual([...DENIED, ...calledOut].sort());
});

test('obs-1-observe: a VPC flow log says ACCEPT of what a policy dropped', async () => {
  const { calls } = await readIn('obs-1-observe', 'enforced', GZIP);
  expect(calls.filter((call) => call.startsWith('deny '))).toEqual([]);
  expect(calls).toContain('allow shop/debug-0 -> shop/db-0 TCP 5432');
});
