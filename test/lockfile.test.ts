import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Entry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  /** It comes inside another package, whose integrity covers it. */
  readonly inBundle?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = (name: string) => JSON.parse(readFileSync(join(__dirname, '..', name), 'utf8'));
const packages: Readonly<Record<string, Entry>> = read('package-lock.json').packages;

test('every platform’s package is in the lock file, or npm ci refuses to install anywhere', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        packages[`node_modules/${name}`] === undefined &&
        packages[`${path}/node_modules/${name}`] === undefined,
    ),
  );
  expect(missing).toEqual([]);
});

test('the lock file names no registry', () => {
  expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
});

test('every direct dependency is pinned exactly', () => {
  const { dependencies, devDependencies } = read('package.json');
  const loose = Object.entries<string>({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
  );
  expect(loose).toEqual([]);
});

/** Licences under which a package may be used beside Apache-2.0 code; of several, one is chosen. */
const LICENCES: ReadonlySet<string> = new Set([
  ...['MIT', 'Apache-2.0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0'],
  ...['CC0-1.0', 'CC-BY-4.0', 'Unlicense', 'Python-2.0', 'PSF-2.0'],
  // Weak copyleft, by file: nothing of it is changed here.
  'MPL-2.0',
]);

const locked = Object.entries(packages).filter(([path]) => path !== '');

test('every locked package has an integrity, those of other platforms too', () => {
  expect(locked.length).toBeGreaterThan(500);
  const without = locked.filter(
    ([, one]) => one.inBundle !== true && !/^sha512-/.test(one.integrity ?? ''),
  );
  expect(without.map(([path]) => path)).toEqual([]);
});

test('every locked package has a licence that allows its use', () => {
  const isAllowed = (license: string): boolean =>
    license.includes(' OR ')
      ? license
          .replace(/[()]/g, '')
          .split(' OR ')
          .some((one) => LICENCES.has(one))
      : license.split(' AND ').every((one) => LICENCES.has(one));
  const refused = locked.filter(([, { license = 'none' }]) => !isAllowed(license));
  expect(refused.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
});
