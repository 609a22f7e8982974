import { join } from 'node:path';
import { Command } from 'commander';
import { build, type Metafile } from 'esbuild';
import { COMMANDS, type CommandName } from '../../lib/cli/commands';
import { SUMMARIES } from '../../lib/cli/summaries';
import { PLAIN } from '../../lib/report/palette';

const ROOT = join(__dirname, '../..');
const MAIN = 'lib/cli/main.ts';
const NAMES = Object.keys(COMMANDS) as CommandName[];

const commandFile = (name: CommandName): string => `lib/cli/commands/${name}.ts`;

/** What a start of the program loads: how many modules of our own, and which packages. */
interface Loaded {
  readonly modules: number;
  readonly packages: readonly string[];
}

/** Follows the imports that esbuild leaves in; `require` and `import()` load later and do not count. */
function loadedFrom(inputs: Metafile['inputs'], ...starts: readonly string[]): Loaded {
  const modules = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (modules.has(file)) return;
    modules.add(file);
    for (const { path, kind, external } of inputs[file]?.imports ?? []) {
      if (kind !== 'import-statement' || path.startsWith('node:')) continue;
      if (external) packages.add(packageOf(path));
      else visit(path);
    }
  };
  starts.forEach(visit);
  return { modules: modules.size, packages: [...packages].sort() };
}

const packageOf = (path: string): string =>
  path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');

async function inputsOf(): Promise<Metafile['inputs']> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [MAIN],
    bundle: true,
    write: false,
    metafile: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
  });
  return metafile.inputs;
}

describe('a command loads what it needs', () => {
  const inputs = inputsOf();
  const loaded = async (name: CommandName): Promise<Loaded> =>
    loadedFrom(await inputs, MAIN, commandFile(name));

  test('the program itself: arguments and colours', async () => {
    const { modules, packages } = loadedFrom(await inputs, MAIN);
    expect(packages).toEqual(['commander', 'picocolors']);
    expect(modules).toBeLessThanOrEqual(16);
  });

  // Modules at most, those of the program included: raise one only with a reason.
  test.each<[CommandName, number, readonly string[]]>([
    ['list', 140, ['commander', 'picocolors']],
    ['predict', 354, ['commander', 'picocolors', 'yaml']],
    ['lint', 520, ['commander', 'picocolors', 'yaml']],
    ['matrix', 520, ['commander', 'picocolors', 'yaml']],
    ['explain', 520, ['commander', 'picocolors', 'yaml']],
    ['diff', 520, ['commander', 'picocolors', 'yaml']],
  ])('%s: %i modules and these packages', async (name, most, packages) => {
    const own = await loaded(name);
    expect(own.packages).toEqual(packages);
    expect(own.modules).toBeLessThanOrEqual(most);
  });

  /** Their work is with an account or with all charts. */
  const heavy: readonly CommandName[] = ['cost', 'sweep', 'export', 'demo', 'prove'];
  const light = NAMES.filter((name) => !heavy.includes(name));

  test.each(light)('%s: neither CDK nor AWS clients before they are needed', async (name) => {
    const { packages } = await loaded(name);
    expect(packages.filter((one) => /^(@aws-|aws-cdk|cdk8s|@kubernetes)/.test(one))).toEqual([]);
  });
});

test.each(NAMES)('help shows %s as it registers itself', (name) => {
  const program = new Command('lab').enablePositionalOptions();
  const say = () => {};
  const terminal = { out: say, err: say, palette: PLAIN, live: false, interactive: false };
  COMMANDS[name]().register(program, terminal, say);
  const [command] = program.commands;
  if (command === undefined) throw new Error(`${name} registers nothing`);
  const help = program.createHelp();
  const term = `${name} ${SUMMARIES[name].usage}`.trimEnd();
  expect(help.subcommandTerm(command)).toBe(term);
  expect(command.description()).toBe(SUMMARIES[name].description);
});
