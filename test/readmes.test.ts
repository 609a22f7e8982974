import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('each folder of lib begins with a README of at most fifteen lines', () => {
  const folders = readdirSync(join(root, 'lib'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();

  test.each(folders)('%s', (folder) => {
    const path = join(folder, 'README.md');
    expect(existsSync(join(root, path))).toBe(true);
    const lines = textOf(path).trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(15);
    expect(lines[0]).toMatch(/^# /);
  });

  test.each(folders)('%s names files that exist', (folder) => {
    const named = [...textOf(join(folder, 'README.md')).matchAll(/`([\w./-]+\.ts)`/g)];
    const gone = named
      .map(([, file = '']) => file)
      .filter((file) => ![join(folder, file), file].some((at) => existsSync(join(root, at))));
    expect(gone).toEqual([]);
  });
});

describe('lib/README.md says why each dependency is there, and of no other', () => {
  const { dependencies, devDependencies } = JSON.parse(textOf('package.json'));
  const named: readonly string[] = Object.keys({ ...dependencies, ...devDependencies });
  const [, section = ''] = textOf('lib/README.md').split(/^## Libraries$/m);
  /** `-v36` beside `x-v35` stands for `x-v36`. */
  const cells = section.split('\n').flatMap((line) => /^\| (`.*?) \|/.exec(line)?.[1] ?? []);
  const told = cells.flatMap((cell) => {
    const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    return names.map((name) =>
      name.startsWith('-') ? (names[0] ?? '').replace(/-[^-]+$/, name) : name,
    );
  });
  const covers = (name: string): boolean =>
    told.some((one) => one === name || (one.endsWith('*') && name.startsWith(one.slice(0, -1))));

  test.each(named)('%s', (name) => {
    expect(covers(name)).toBe(true);
  });

  test('what it lists is installed', () => {
    const gone = told.filter((one) =>
      one.endsWith('*')
        ? !named.some((name) => name.startsWith(one.slice(0, -1)))
        : !named.includes(one),
    );
    expect(gone).toEqual([]);
  });
});

/** Run as programs, or named by a configuration, rather than imported. */
const PROGRAMS = ['@biomejs/biome', 'aws-cdk', 'cdk8s-cli', 'typescript', '@swc/core', '@types/*'];

describe('each dependency is used', () => {
  const sources = ['bin', 'lib', 'charts', 'labs', 'test']
    .flatMap((top) =>
      readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map((f) => join(top, f)),
    )
    .filter((file) => /\.(tsx?|js)$/.test(file) || /^bin\/[\w-]+$/.test(file))
    .filter((file) => statSync(join(root, file)).isFile())
    .concat('jest.config.js')
    .map(textOf);
  const { dependencies, devDependencies } = JSON.parse(textOf('package.json'));
  const isProgram = (name: string): boolean =>
    PROGRAMS.some(
      (one) => one === name || (one.endsWith('*') && name.startsWith(one.slice(0, -1))),
    );

  test.each(Object.keys({ ...dependencies, ...devDependencies }).filter((n) => !isProgram(n)))(
    '%s',
    (name) => {
      const quoted = new RegExp(`['"]${name.replaceAll('/', '\\/')}(['"/])`);
      expect(sources.some((text) => quoted.test(text))).toBe(true);
    },
  );
});
