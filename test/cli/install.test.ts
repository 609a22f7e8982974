import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installMissing } from '../../lib/cli/common/install';
import { PLAIN } from '../../lib/report/palette';
import { testUnless } from '../skip';

/** A machine whose package manager and sudo only write down how they are called. */
const folder = mkdtempSync(join(tmpdir(), 'lab-install-'));
const log = join(folder, 'log');
const program = (name: string, body: string): void => {
  writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(folder, name), 0o755);
};
const { PATH, CI, LAB_NO_INSTALL } = process.env;
const isRoot = process.getuid?.() === 0;

beforeEach(() => {
  writeFileSync(log, '');
  program('apt-get', `[ "$1" = --version ] || echo "apt-get $*" >> ${log}`);
  program('sudo', `echo "sudo $*" >> ${log}; shift; exec "$@"`);
  process.env.PATH = `${folder}:${PATH}`;
  delete process.env.CI;
  delete process.env.LAB_NO_INSTALL;
});
afterEach(() => {
  for (const [key, value] of Object.entries({ PATH, CI, LAB_NO_INSTALL })) {
    if (value === undefined) delete process.env[key];
    else process.env[key] = value;
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function install(question: 'never' | 'in-a-terminal') {
  const said: string[] = [];
  const terminal = {
    out: () => {},
    err: (line: string) => said.push(line),
    palette: PLAIN,
    interactive: false,
    live: false,
  };
  const done = await installMissing(terminal, [{ program: 'nft', package: 'nftables' }], question);
  const calls = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('apt-get'));
  return { done, said, calls };
}

test('without a terminal, root or a user with sudo installs by itself, and says so', async () => {
  const { done, said, calls } = await install('never');
  expect(done).toBe(true);
  expect(said[0]).toBe('missing: nft');
  expect(said[2]).toMatch(/^running: (sudo -n )?env .*apt-get -qq install -y .* nftables$/);
  expect(calls).toEqual([
    'apt-get -qq update',
    'apt-get -qq install -y --no-install-recommends nftables',
  ]);
});

test('LAB_NO_INSTALL forbids it: the one thing that is missing is named', async () => {
  process.env.LAB_NO_INSTALL = '1';
  process.env.CI = 'true';
  expect(await install('never')).toEqual({
    done: false,
    said: ['missing: nft', 'fix: apt-get install nftables   (as root)'],
    calls: [],
  });
});

test('what a lab needs beside that is not installed without a person who agrees', async () => {
  expect(await install('in-a-terminal')).toMatchObject({ done: false, calls: [] });
});

test('CI installs what a lab needs', async () => {
  process.env.CI = 'true';
  expect(await install('in-a-terminal')).toMatchObject({ done: true });
});

test('an installation that fails is no installation', async () => {
  program('apt-get', `[ "$1" = --version ] || exit 100`);
  expect((await install('never')).done).toBe(false);
});

const asUser = testUnless(isRoot ? 'root needs no sudo' : undefined);
asUser('a sudo that would ask for a password is not called without a person', async () => {
  program('sudo', `[ "$1" = -n ] && exit 1; echo "sudo asked" >> ${log}`);
  expect(await install('never')).toMatchObject({ done: false, calls: [] });
  expect(readFileSync(log, 'utf8')).toBe('');
});
