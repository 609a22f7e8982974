import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PLUGIN_CAPABILITIES } from '../../../lib/model/plugin-capability';
import { judgePlugin } from '../../../lib/runtime/cni/judge/judge';
import { isIn, isVerdict, readAdd, refusalProblem } from '../../../lib/runtime/cni/judge/look';

const end = (stdout: string, code = 0) => ({ code, stdout, stderr: '' });
const result = {
  cniVersion: '1.1.0',
  interfaces: [{ name: 'veth1' }, { name: 'eth0', sandbox: '/run/netns/a' }],
  ips: [{ address: '10.1.2.3/32', interface: 1 }],
};
const sawOf = (changed: object): string => {
  const read = readAdd(end(JSON.stringify({ ...result, ...changed })), 'a');
  return isVerdict(read) ? read.saw : `address ${read.address}`;
};

test('a result is read as the specification has it', () => {
  expect(sawOf({})).toBe('address 10.1.2.3/32');
  expect(sawOf({ cniVersion: 1 })).toBe('the result has no cniVersion');
  expect(sawOf({ interfaces: [{ name: 'eth0' }] })).toMatch(/^interfaces: /);
  expect(sawOf({ ips: [{ address: '10.1.2.3/32', interface: 0 }] })).toMatch(/^ips: /);
  expect(sawOf({ ips: [{ address: '10.1.2.3', interface: 1 }] })).toMatch(/^ips: /);
});

test('a refusal has an exit code and an error as JSON', () => {
  const error = JSON.stringify({ cniVersion: '1.1.0', code: 4, msg: 'no' });
  expect(refusalProblem('it', end(error, 1))).toBeUndefined();
  expect(refusalProblem('it', end(error, 0))).toMatchObject({ saw: 'it ended with 0' });
  expect(refusalProblem('it', end('no', 1))).toMatchObject({ right: false });
  expect(refusalProblem('it', end('{"code":"4","msg":"no"}', 1))).toMatchObject({ right: false });
});

test.each([
  ['10.1.2.3', '10.1.2.0/24', true],
  ['10.1.3.3', '10.1.2.0/24', false],
  ['10.63.3.6', '10.63.3.0/29', true],
  ['10.63.3.8', '10.63.3.0/29', false],
])('%s is in %s: %s', (address, block, expected) => {
  expect(isIn(address, block)).toBe(expected);
});

test.each(PLUGIN_CAPABILITIES)('%s of a file that cannot run is wrong', async (capability) => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-plugin-'));
  const file = join(folder, 'plugin');
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o644 });
  const verdict = await judgePlugin(capability, file);
  rmSync(folder, { recursive: true });
  expect(verdict).toMatchObject({ right: false, look: `chmod +x ${file}` });
});
