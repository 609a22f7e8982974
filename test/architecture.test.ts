import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * What each room may import: other rooms, and packages by name. The table is the architecture
 * (see lib/README.md); a room that is not listed fails, and so does an import that is not.
 */
const rooms: Record<string, readonly string[]> = {
  'lib/model': [],
  'lib/snapshot': ['lib/model', 'yaml'],
  'lib/reach': ['lib/model'],
  'lib/records': ['lib/model'],
  'lib/recommend': ['lib/model'],
  'lib/dataplane': ['lib/model'],
  'lib/lint': ['lib/model', 'lib/reach'],
  'lib/lab': ['lib/model'],
  'lib/report': ['lib/model', 'lib/lab', 'picocolors'],
  'lib/cni': ['lib/model'],
  'lib/runtime': ['lib/model', 'lib/dataplane', 'lib/cni', 'node:', 'koffi', 'dns-packet'],
  'lib/cluster': ['lib/model', 'lib/lab', 'node:', '@kubernetes/client-node'],
  'lib/cloud': [
    'lib/model',
    'aws-cdk-lib',
    'constructs',
    'cdk8s',
    '@aws-cdk/',
    'node:',
    'cdk.json',
  ],
  'lib/account': ['lib/model', 'node:', '@aws-sdk/', '@aws-cdk/toolkit-lib'],
  charts: ['lib/model', 'cdk8s', 'cdk8s-plus-28', 'constructs'],
  labs: ['lib/lab', 'lib/model', 'charts'],
  'lib/cli': [
    'lib/',
    'charts',
    'labs',
    'node:',
    'commander',
    'aws-cdk-lib',
    'yaml',
    'package.json',
  ],
  bin: [
    'lib/cli',
    'lib/cloud',
    'lib/runtime',
    'lib/account',
    'lib/lab',
    'labs',
    'charts',
    'aws-cdk-lib',
    'cdk8s',
    'node:',
  ],
};

const root = resolve(__dirname, '..');
const files = ['bin', 'lib', 'charts', 'labs']
  .filter((top) => existsSync(join(root, top)))
  .flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map((f) => join(top, f)),
  )
  .filter((file) => file.endsWith('.ts'));

const roomOf = (file: string): string =>
  file.startsWith('lib/') ? file.split('/').slice(0, 2).join('/') : (file.split('/')[0] ?? '');

/** Every import of a file, its relative ones resolved to paths from the root. */
const importsOf = (file: string): string[] => {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = [
    ...text.matchAll(/(?:(?:from|import)\s+|(?:require|import)\()'([^']+)'/g),
  ].map((m) => m[1]);
  return specifiers.flatMap((specifier) => {
    if (specifier === undefined) return [];
    return specifier.startsWith('.')
      ? [relative(root, resolve(root, dirname(file), specifier))]
      : [specifier];
  });
};

/** Whether the table lets this room import that. */
function mayImport(room: string, target: string): boolean {
  const within = target === room || target.startsWith(`${room}/`);
  const listed = (rooms[room] ?? []).some(
    (name) =>
      target === name ||
      target.startsWith(name.endsWith('/') || name === 'node:' ? name : `${name}/`),
  );
  return within || listed;
}

test.each(files)('%s lives in a room that the table lists', (file) => {
  expect(Object.keys(rooms)).toContain(roomOf(file));
});

test.each(files)('%s imports only what its room may', (file) => {
  const room = roomOf(file);
  expect(importsOf(file).filter((target) => !mayImport(room, target))).toEqual([]);
});
