import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEFINITIONS, type Definitions, KUBERNETES_VALIDATE } from './pinned';

const cache = resolve(__dirname, '../../.cache');
const pins = createHash('sha256').update(JSON.stringify(DEFINITIONS)).digest('hex').slice(0, 12);
const validator = join(cache, `kubernetes-validate-${KUBERNETES_VALIDATE}`);
const definitions = join(cache, `definitions-${pins}`);

/** The Python that has the validator; valid once `installValidator` found no problem. */
export const python = join(validator, 'bin', 'python');

/** Paths of the definitions' files; none before `installDefinitions` found no problem. */
export const definitionFiles = (): readonly string[] =>
  existsSync(definitions) ? readdirSync(definitions).map((name) => join(definitions, name)) : [];

/** Installs the validator once into `.cache`; answers why it cannot. */
export const installValidator = (): string | undefined =>
  build(validator, (folder) => {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe' });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    const wanted = `kubernetes-validate==${KUBERNETES_VALIDATE}`;
    execFileSync(join(folder, 'bin', 'python'), [...pip, wanted], OPTIONS);
  });

/** Copies the definitions once into `.cache`, out of the modules that carry them; answers why it cannot. */
export const installDefinitions = (): string | undefined =>
  build(definitions, (folder) => {
    const modules = join(folder, 'modules');
    mkdirSync(modules, { recursive: true });
    for (const each of DEFINITIONS) copyOut(each, folder, modules);
    rmSync(modules, { recursive: true });
  });

const OPTIONS = { stdio: 'pipe', timeout: 300_000, encoding: 'utf8' } as const;

function copyOut({ module, version, files }: Definitions, folder: string, modules: string): void {
  const answer = execFileSync('go', ['mod', 'download', '-json', `${module}@${version}`], {
    ...OPTIONS,
    cwd: folder,
    env: { ...process.env, GOMODCACHE: modules, GOFLAGS: '-modcacherw' },
  });
  const { Dir } = JSON.parse(answer) as { readonly Dir: string };
  for (const file of files) {
    const name = `${module}/${file}`.replaceAll('/', '_');
    copyFileSync(join(Dir, file), join(folder, name));
  }
}

/** Makes a folder whole or not at all, so that an interrupted run leaves nothing half installed. */
function build(home: string, make: (folder: string) => void): string | undefined {
  if (existsSync(home)) return undefined;
  const folder = `${home}.${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    make(folder);
    renameSync(folder, home);
    return undefined;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    return `${error instanceof Error ? error.message : error}`;
  }
}
