import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * What each folder may import: other folders, and packages by name. The table is the architecture
 * (see lib/README.md). A folder that is not listed fails, and so does an import that is not listed.
 * A name ending in `/` stands for everything below it; other names stand for that folder alone.
 */
const MODEL = 'lib/model';
const folders: Record<string, readonly string[]> = {
  'lib/model': [],

  'lib/read': ['lib/read/', MODEL],
  'lib/read/schema': [MODEL, 'yaml', 'js-yaml', 'node:'],
  'lib/read/policies': ['lib/read/schema', MODEL],
  'lib/read/http': ['lib/read/policies', 'lib/read/schema', MODEL],
  'lib/read/kubernetes': ['lib/read/http', 'lib/read/policies', 'lib/read/schema', MODEL],
  'lib/read/cloudformation': [MODEL, 'yaml'],
  'lib/read/inputs': [MODEL],
  'lib/read/placement': ['lib/read/cloudformation', MODEL],
  'lib/read/flows': ['lib/read/schema', MODEL],

  'lib/reach/hops': [MODEL],
  'lib/reach/ends': [MODEL],
  'lib/reach/policy': ['lib/reach/ends', 'lib/reach/hops', MODEL],
  'lib/reach/services': ['lib/reach/ends', 'lib/reach/hops', MODEL],
  'lib/reach/http': [MODEL],
  'lib/reach/hosts': ['lib/reach/policy', 'lib/reach/ends', 'lib/reach/hops', MODEL],
  'lib/reach/vpc': ['lib/reach/hops', MODEL],
  'lib/reach/path': [
    'lib/reach/vpc',
    'lib/reach/hosts',
    'lib/reach/services',
    'lib/reach/policy',
    'lib/reach/ends',
    'lib/reach/hops',
    MODEL,
  ],
  'lib/reach/doubts': ['lib/reach/ends', MODEL],
  'lib/reach/internet': ['lib/reach/ends', MODEL],
  'lib/reach/matrix': [
    'lib/reach/vpc',
    'lib/reach/services',
    'lib/reach/policy',
    'lib/reach/ends',
    MODEL,
  ],
  'lib/reach': [
    'lib/reach/doubts',
    'lib/reach/internet',
    'lib/reach/matrix',
    'lib/reach/path',
    'lib/reach/vpc',
    'lib/reach/hosts',
    'lib/reach/services',
    'lib/reach/policy',
    'lib/reach/ends',
    'lib/reach/hops',
    MODEL,
  ],
  'lib/reach/questions': [
    'lib/reach',
    'lib/reach/http',
    'lib/reach/matrix',
    'lib/reach/services',
    'lib/reach/policy',
    'lib/reach/ends',
    MODEL,
  ],

  'lib/records': [MODEL],
  'lib/records/forms': ['lib/records', MODEL],
  'lib/records/open': [
    'lib/records',
    'lib/records/forms',
    MODEL,
    'node:',
    'hyparquet',
    'hyparquet-compressors',
  ],
  'lib/recommend': [MODEL, 'yaml'],
  'lib/lint': [MODEL, 'lib/reach', 'lib/reach/policy', 'lib/reach/vpc'],

  'lib/dataplane': ['lib/dataplane/', MODEL],
  'lib/dataplane/commands': [MODEL],
  'lib/dataplane/nft': ['lib/dataplane/commands', MODEL],
  'lib/dataplane/servers': ['lib/dataplane/commands', MODEL],
  'lib/dataplane/wiring': [
    'lib/dataplane/nft',
    'lib/dataplane/servers',
    'lib/dataplane/commands',
    MODEL,
  ],
  'lib/dataplane/vpc': [
    'lib/dataplane/wiring',
    'lib/dataplane/nft',
    'lib/dataplane/servers',
    'lib/dataplane/commands',
    MODEL,
  ],

  'lib/picture': [MODEL],

  'lib/lab': [MODEL],
  'lib/report': [MODEL, 'lib/lab', 'lib/picture', 'picocolors', 'marked'],

  'lib/runtime/kernel': [MODEL, 'lib/dataplane', 'lib/dataplane/', 'node:', 'koffi'],
  'lib/runtime/servers': [
    'lib/runtime/kernel',
    MODEL,
    'lib/dataplane',
    'lib/dataplane/',
    'node:',
    'dns-packet',
  ],
  'lib/runtime/probes': [
    'lib/runtime/kernel',
    MODEL,
    'lib/dataplane',
    'lib/dataplane/',
    'node:',
    'koffi',
    'dns-packet',
  ],
  'lib/runtime/cni/spec': [MODEL],
  'lib/runtime/cni/judge': [MODEL, 'node:'],
  'lib/runtime/sandbox': [
    'lib/runtime/kernel',
    'lib/runtime/servers',
    'lib/runtime/probes',
    'lib/runtime/cni/spec',
    MODEL,
    'lib/dataplane',
    'lib/dataplane/',
    'node:',
  ],
  'lib/runtime/cni': [
    'lib/runtime/cni/spec',
    'lib/runtime/sandbox',
    'lib/runtime/kernel',
    'lib/runtime/probes',
    MODEL,
    'node:',
    'koffi',
  ],
  'lib/runtime/doctor': [
    'lib/runtime/servers',
    'lib/runtime/sandbox',
    'lib/runtime/kernel',
    MODEL,
    'lib/dataplane',
    'lib/dataplane/',
    'node:',
  ],
  'lib/runtime/holder': ['lib/runtime/', MODEL, 'lib/dataplane', 'lib/dataplane/', 'node:'],

  'lib/checks/state': [MODEL, 'lib/lab', 'lib/reach'],
  'lib/checks': [MODEL, 'lib/lab', 'lib/reach', 'lib/checks/state'],
  'lib/targets/local': [
    'lib/checks',
    'lib/lab',
    'lib/report',
    'lib/reach',
    'lib/dataplane',
    'lib/dataplane/commands',
    'lib/dataplane/servers',
    'lib/dataplane/wiring',
    'lib/runtime/probes',
    'lib/runtime/sandbox',
    MODEL,
  ],
  'lib/targets/machines': [
    'lib/targets/local',
    'lib/checks',
    'lib/lab',
    'lib/dataplane',
    'lib/dataplane/commands',
    'lib/runtime/sandbox',
    MODEL,
    'node:',
  ],
  'lib/targets/cluster': [
    'lib/checks',
    'lib/lab',
    'lib/report',
    MODEL,
    'node:',
    '@kubernetes/client-node',
  ],
  // A lab and a learner's progress; then the labs on this machine and in clusters; then either.
  'lib/session': [
    'lib/picture',
    'lib/targets/local',
    'lib/account/cost',
    'lib/cloud',
    'lib/cloud/config',
    'lib/lab',
    'lib/read',
    'lib/read/cloudformation',
    'lib/read/flows',
    'lib/reach',
    'lib/reach/questions',
    'lib/runtime/doctor',
    'lib/runtime/sandbox',
    'lib/runtime/servers',
    MODEL,
    'charts',
    'labs',
    'node:',
    'aws-cdk-lib',
    'yaml',
  ],
  'lib/session/local': [
    'lib/session',
    'lib/targets/local',
    'lib/targets/machines',
    'lib/dataplane/commands',
    'lib/lab',
    'lib/read/flows',
    'lib/runtime/sandbox',
    MODEL,
    'node:',
  ],
  'lib/session/remote': [
    'lib/session',
    'lib/targets/cluster',
    'lib/checks',
    'lib/account',
    'lib/account/cost',
    'lib/account/deploy',
    'lib/account/inventory',
    'lib/account/teardown',
    'lib/lab',
    MODEL,
    'charts',
    'node:',
  ],
  'lib/session/open': [
    'lib/session/local',
    'lib/session/remote',
    'lib/session',
    'lib/targets/local',
    'lib/targets/machines',
    'lib/checks',
    'lib/lab',
    MODEL,
  ],
  'lib/package': [
    'lib/cloud/addons',
    'lib/cloud/cluster',
    'lib/cloud/config',
    'lib/cloud/network',
    'lib/lint',
    'lib/reach',
    'lib/read',
    'lib/read/flows',
    MODEL,
    'charts',
  ],
  'lib/proof': [
    'lib/session',
    'lib/session/local',
    'lib/targets/local',
    'lib/targets/machines',
    'lib/checks',
    'lib/cloud/config',
    'lib/dataplane',
    'lib/dataplane/vpc',
    'lib/lab',
    'lib/read',
    'lib/reach',
    'lib/reach/matrix',
    'lib/reach/questions',
    'lib/recommend',
    'lib/records',
    'lib/report',
    'lib/runtime/probes',
    'lib/runtime/sandbox',
    MODEL,
    'node:',
    'tsx',
  ],

  'lib/cloud': [
    'lib/cloud/',
    MODEL,
    'aws-cdk-lib',
    'aws-cdk-lib/',
    'constructs',
    'node:',
    'cdk.json',
  ],
  'lib/cloud/config': [MODEL, 'aws-cdk-lib', 'aws-cdk-lib/', 'constructs', 'node:', 'cdk.json'],
  'lib/cloud/network': [
    'lib/cloud/config',
    MODEL,
    'aws-cdk-lib',
    'aws-cdk-lib/',
    'constructs',
    'node:',
  ],
  'lib/cloud/cluster': [
    'lib/cloud/network',
    'lib/cloud/config',
    MODEL,
    'aws-cdk-lib',
    'aws-cdk-lib/',
    'constructs',
    '@aws-cdk/',
    'node:',
  ],
  'lib/cloud/addons': [
    'lib/cloud/cluster',
    'lib/cloud/config',
    MODEL,
    'aws-cdk-lib',
    'aws-cdk-lib/',
    'constructs',
    'node:',
  ],
  'lib/cloud/expiry': ['lib/cloud/config', MODEL, 'aws-cdk-lib', 'aws-cdk-lib/', 'constructs'],

  'lib/account': [MODEL, 'node:', '@aws-sdk/'],
  'lib/account/cost': ['lib/account', MODEL],
  'lib/account/inventory': ['lib/account', 'lib/account/cost', MODEL, '@aws-sdk/'],
  'lib/account/teardown': [
    'lib/account',
    'lib/account/inventory',
    'lib/account/cost',
    MODEL,
    'node:',
    '@aws-sdk/',
  ],
  'lib/account/export': ['lib/account', MODEL, '@aws-sdk/'],
  'lib/account/deploy': [
    'lib/account',
    'lib/account/teardown',
    'lib/account/inventory',
    'lib/account/cost',
    MODEL,
    'node:',
    '@aws-sdk/',
    '@aws-cdk/toolkit-lib',
    '@smithy/signature-v4',
  ],

  // The lab book: its worker, what its pages are made of, the pages, and what bundles them.
  'lib/book/engine': [
    'lib/lint',
    'lib/picture',
    'lib/reach',
    'lib/reach/questions',
    'lib/read',
    'lib/read/flows',
    'lib/read/kubernetes',
    'lib/read/schema',
    'lib/recommend',
    'lib/records',
    'lib/records/open',
    'lib/report',
    MODEL,
    'yaml',
  ],
  'lib/book/editor': ['lib/book/engine', MODEL, '@codemirror/', '@lezer/highlight'],
  'lib/book/terminal': ['lib/serve/api', '@xterm/'],
  'lib/book/parts': ['lib/book/engine', MODEL, 'preact', 'preact/hooks'],
  'lib/book/report': [
    'lib/book/engine',
    'lib/book/parts',
    MODEL,
    'preact',
    'preact-render-to-string',
  ],
  'lib/book/views': [
    'lib/book',
    'lib/book/editor',
    'lib/book/engine',
    'lib/book/parts',
    'lib/book/terminal',
    'lib/lab',
    'lib/report',
    'lib/serve/api',
    MODEL,
    'preact',
    'preact/hooks',
    '@preact/signals',
  ],
  'lib/book': [
    'lib/book/editor',
    'lib/book/engine',
    'lib/book/views',
    'lib/lab',
    'lib/serve/api',
    MODEL,
    'preact',
    'preact/hooks',
    '@preact/signals',
  ],
  'lib/site': [
    'lib/book',
    'lib/book/report',
    'lib/lab',
    'lib/session',
    'labs',
    'node:',
    'esbuild',
    'marked',
    'package.json',
  ],

  charts: [MODEL, 'cdk8s', 'cdk8s-plus-28', 'constructs'],
  labs: ['lib/lab', MODEL, 'charts'],
  // The page and the server name the same shapes; the server alone knows HTTP and pseudo terminals.
  'lib/serve/api': [MODEL, 'lib/lab', 'lib/report'],
  'lib/serve': [
    'lib/serve/api',
    'lib/serve/routes',
    'lib/session',
    'lib/session/local',
    MODEL,
    'node:',
    'ws',
    '@lydell/node-pty',
  ],
  'lib/serve/routes': [
    'lib/serve/api',
    'lib/session',
    'lib/session/local',
    'lib/session/open',
    'lib/proof',
    'lib/targets/local',
    'lib/targets/machines',
    'lib/lab',
    'lib/lint',
    'lib/read',
    'lib/read/flows',
    'lib/reach',
    'lib/reach/questions',
    'lib/report',
    'lib/runtime/probes',
    'lib/runtime/sandbox',
    MODEL,
    'labs',
    'node:',
    'package.json',
  ],
  'lib/cli/common': [
    'lib/read/schema',
    'lib/picture',
    'lib/book/engine',
    'lib/book/report',
    'lib/site',
    'package.json',
    'lib/proof',
    'lib/session',
    'lib/session/local',
    'lib/session/remote',
    'lib/targets/local',
    'lib/account/cost',
    'lib/account/deploy',
    'lib/account/teardown',
    'lib/lab',
    'lib/read',
    'lib/read/cloudformation',
    'lib/read/flows',
    'lib/read/inputs',
    'lib/reach',
    'lib/recommend',
    'lib/records',
    'lib/records/open',
    'lib/report',
    'lib/runtime/sandbox',
    'lib/runtime/servers',
    MODEL,
    'node:',
    'commander',
  ],
  'lib/cli/commands': [
    'lib/picture',
    'lib/cli/common',
    'lib/proof',
    'lib/session',
    'lib/session/local',
    'lib/session/remote',
    'lib/session/open',
    'lib/targets/local',
    'lib/targets/machines',
    'lib/checks',
    'lib/account/export',
    'lib/account/cost',
    'lib/site',
    'lib/serve',
    'lib/cloud/config',
    'lib/dataplane',
    'lib/dataplane/commands',
    'lib/dataplane/nft',
    'lib/lab',
    'lib/lint',
    'lib/read',
    'lib/read/flows',
    'lib/reach',
    'lib/reach/questions',
    'lib/recommend',
    'lib/records',
    'lib/records/open',
    'lib/report',
    'lib/runtime/doctor',
    'lib/runtime/probes',
    MODEL,
    'labs',
    'node:',
    'commander',
    'yaml',
  ],
  'lib/cli': ['lib/cli/commands', 'lib/cli/common', MODEL, 'node:', 'commander', 'package.json'],
  bin: ['lib/', 'labs', 'charts', 'aws-cdk-lib', 'cdk8s', 'node:'],
};

const root = resolve(__dirname, '..');
const files = ['bin', 'lib', 'charts', 'labs']
  .filter((top) => existsSync(join(root, top)))
  .flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map((f) => join(top, f)),
  )
  .filter((file) => /\.tsx?$/.test(file));

/** `charts` and `labs` are one folder each; in `lib` every folder has a row of its own. */
const folderOf = (file: string): string =>
  file.startsWith('lib/') ? dirname(file) : (file.split('/')[0] ?? '');

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

/** Whether the table lets a file of this folder import that. */
function mayImport(folder: string, target: string): boolean {
  const from = target.startsWith('lib/') ? dirname(target) : target;
  if (from === folder || (!folder.startsWith('lib/') && target.startsWith(`${folder}/`)))
    return true;
  return (folders[folder] ?? []).some((name) =>
    name.endsWith('/') || name === 'node:'
      ? target.startsWith(name)
      : from === name || (!name.startsWith('lib/') && target.startsWith(`${name}/`)),
  );
}

test.each(files)('%s lives in a folder that the table lists', (file) => {
  expect(Object.keys(folders)).toContain(folderOf(file));
});

test.each(files)('%s imports only what its folder may', (file) => {
  const folder = folderOf(file);
  expect(importsOf(file).filter((target) => !mayImport(folder, target))).toEqual([]);
});

/** Folders as a graph; `charts`, `labs` and `bin` are one folder each. */
const edges = new Map(
  Object.keys(folders).map((folder) => [
    folder,
    new Set(
      files
        .filter((file) => folderOf(file) === folder)
        .flatMap(importsOf)
        .map((target) => folderOf(target))
        .filter((target) => target !== folder && folders[target] !== undefined),
    ),
  ]),
);

/** The rooms above the engine and the data plane, in which no folder imports back. */
const APPLICATION = /^lib\/(checks|targets|session|proof|serve|cli)(\/|$)/;

test.each([...edges.keys()].filter((folder) => APPLICATION.test(folder)))(
  'nothing that %s imports leads back to it, by types either',
  (folder) => {
    const reached = new Set<string>();
    const queue = [...(edges.get(folder) ?? [])];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      queue.push(...(edges.get(next) ?? []));
    }
    expect([...reached]).not.toContain(folder);
  },
);

/** What each file imports of the project's own files, by types too. */
const imports = new Map(
  files.map((file) => [
    file.replace(/\.tsx?$/, ''),
    importsOf(file).map((target) => target.replace(/\.(js|tsx?)$/, '')),
  ]),
);

/** The shortest way along imports from a file back to itself; empty where there is none. */
function circleThrough(file: string): readonly string[] {
  const ways = [[file]];
  const seen = new Set<string>();
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const next of imports.get(way.at(-1) ?? '') ?? []) {
      if (next === file) return [...way, file];
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return [];
}

test.each([...imports.keys()])('%s: no import leads back to it, by types either', (file) => {
  expect(circleThrough(file)).toEqual([]);
});

test.each(files.filter((file) => file.startsWith('lib/cli/commands/')))(
  '%s imports no other command',
  (file) => {
    expect(importsOf(file).filter((target) => dirname(target) === dirname(file))).toEqual([]);
  },
);
