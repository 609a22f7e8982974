import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesizeStage } from '../../charts';
import { CLI, newPerson } from '../cli/run';
import { needsRoot, testUnless } from '../skip';

/** What a folder of manifests may hold besides files: links that lead back, pipes, devices. */

const person = newPerson();
afterAll(person.leave);
const app = synthesizeStage('k8s-5-network-policy', 'app');

const folder = (name: string): string => {
  const path = join(person.folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'app.yaml'), app);
  return path;
};
const lint = (path: string) => person.here('lint', '--manifests', path);

test('two links to the folder itself: each file is read once', async () => {
  const path = folder('circle');
  symlinkSync('.', join(path, 'a'));
  symlinkSync('.', join(path, 'b'));
  expect(await lint(path)).toMatchObject({ code: 0 });
});

test('a mounted ConfigMap: the file and the links to it are one', async () => {
  const path = join(person.folder, 'mounted');
  mkdirSync(join(path, '..data_1'), { recursive: true });
  writeFileSync(join(path, '..data_1', 'app.yaml'), app);
  symlinkSync('..data_1', join(path, '..data'));
  symlinkSync('..data/app.yaml', join(path, 'app.yaml'));
  expect(await lint(path)).toMatchObject({ code: 0 });
});

test('a folder behind a link is read', async () => {
  const path = join(person.folder, 'linked');
  mkdirSync(path);
  symlinkSync(folder('target'), join(path, 'more'));
  expect(await lint(path)).toMatchObject({ code: 0 });
});

test('a pipe, a device and a broken link are named', async () => {
  const pipe = folder('pipe');
  execFileSync('mkfifo', [join(pipe, 'x.yaml')]);
  const device = folder('device');
  symlinkSync('/dev/zero', join(device, 'x.yaml'));
  const broken = folder('broken');
  symlinkSync('nowhere', join(broken, 'x.yaml'));
  const kinds = [
    [pipe, 'a pipe, socket or device'],
    [device, 'a pipe, socket or device'],
    [broken, 'a link to a file that does not exist'],
  ] as const;
  for (const [path, what] of kinds) {
    const ran = await lint(path);
    expect(ran).toMatchObject({ code: 2, err: expect.stringContaining(`x.yaml: it is ${what}`) });
  }
});

test('a device that never ends is refused at its limit', async () => {
  const ran = await lint('/dev/zero');
  expect(ran).toMatchObject({ code: 2, err: expect.stringContaining('larger than 400 MiB') });
});

testUnless(needsRoot)('a folder that may not be opened is named, with the reason', () => {
  const path = folder('closed');
  mkdirSync(join(path, 'inner'), { mode: 0o000 });
  chmodSync(person.folder, 0o755);
  const { status, stderr } = spawnSync(process.execPath, [CLI, 'lint', '--manifests', path], {
    encoding: 'utf8',
    uid: 65534,
    gid: 65534,
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(/cannot read .*closed\/inner: EACCES: permission denied/);
});

test.each([
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${app}`)],
  ['UTF-16, as PowerShell writes it', Buffer.from(`\ufeff${app}`, 'utf16le')],
  ['UTF-16, big end first', Buffer.from(`\ufeff${app}`, 'utf16le').swap16()],
])('%s is read', async (_, bytes) => {
  const path = join(person.folder, 'encoded.yaml');
  writeFileSync(path, bytes);
  expect(await lint(path)).toMatchObject({ code: 0 });
});

test('bytes that are no text are refused', async () => {
  const path = join(person.folder, 'bytes.yaml');
  writeFileSync(path, Buffer.from([0x61, 0xff, 0xfe, 0x80]));
  expect(await lint(path)).toMatchObject({
    code: 2,
    err: expect.stringContaining('not text in UTF-8'),
  });
});

test.each(['1.5', 'x', '1e12', '-1', '0', '33'])('Fn::Cidr of %s bits is refused', async (bits) => {
  const block = { 'Fn::Cidr': ['10.0.0.0/16', 1, bits] };
  const Vpc = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: { 'Fn::Select': [0, block] } } };
  const path = person.write('cidr.template.json', JSON.stringify({ Resources: { Vpc } }));
  const ran = await person.here('lint', '--template', path);
  expect(ran).toMatchObject({ code: 2, err: expect.stringContaining('does not hold 1 blocks') });
});

test('an answer that cannot be written is exit 2 and a sentence', () => {
  const line = `${process.execPath} ${CLI} list > /dev/full`;
  const ran = spawnSync('bash', ['-c', line], { encoding: 'utf8' });
  expect(ran).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('cannot write the answer: ENOSPC'),
  });
});
