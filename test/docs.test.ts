import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { labs } from '../labs';
import { COMMANDS, isCommand } from '../lib/cli/commands';
import { readConfig } from '../lib/cloud/config/config';
import { PLAIN } from '../lib/report/palette';

const root = join(__dirname, '..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'lib/README.md',
  'lib/account/TEARDOWN.md',
  'lib/account/PERMISSIONS.md',
  'labs/README.md',
];
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

/** What a person would type, as the page shows it: in blocks and between backticks. */
const typed = (page: string, program: RegExp): readonly string[] =>
  [...textOf(page).matchAll(/^([^\n#|`]*)|`([^`\n]+)`/gm)].flatMap(([, line = '', code = '']) =>
    [line, code]
      .flatMap((text) => text.split('&&'))
      .map((text) => text.replace(/\s#.*$/, '').trim())
      .filter((text) => program.test(text)),
  );

/** The command line with every command on it, as `lab --help` has it. */
function everyCommand(): Command {
  const program = new Command('lab').enablePositionalOptions();
  const silent = () => undefined;
  const terminal = { out: silent, err: silent, palette: PLAIN, live: false, interactive: false };
  for (const load of Object.values(COMMANDS)) load().register(program, terminal, silent);
  return program;
}

const cases = pages.flatMap((page) =>
  typed(page, /^(npx )?lab [a-z]/).map((line) => ({ page, line })),
);

test.each(cases)('$page: $line is a command with such options', ({ line }) => {
  const words = line.replace(/^npx /, '').split(/\s+/).slice(1);
  const name = words[0] ?? '';
  expect(isCommand(name)).toBe(true);
  const options = everyCommand().commands.find((one) => one.name() === name)?.options ?? [];
  const known = options.flatMap(({ long, short }) => [long, short]);
  const before = words.slice(0, words.includes('--') ? words.indexOf('--') : undefined);
  const given = before.filter((word) => /^--[a-z]/.test(word)).map((word) => word.split('=')[0]);
  expect(given.filter((option) => !known.includes(option))).toEqual([]);
});

test.each(
  pages.flatMap((page) => typed(page, /^npm (run |test|start)/).map((line) => ({ page, line }))),
)('$page: $line is a script', ({ line }) => {
  const { scripts } = JSON.parse(textOf('package.json'));
  const name = line.replace(/^npm (run )?/, '').split(/\s/)[0] ?? '';
  expect(Object.keys(scripts)).toContain(name);
});

test.each(
  pages.flatMap((page) => typed(page, /^npx cdk (synth|deploy)/).map((line) => ({ page, line }))),
)('$page: $line is a configuration', ({ line }) => {
  const pairs = [...line.matchAll(/-c (\w+)=(\S+)/g)].map(([, key, value]) => [key, value]);
  const lab = labs.find(({ targets }) => targets.includes('eks'))?.id ?? '';
  const context = { owner: 'me', ttl: '1h', lab, ...Object.fromEntries(pairs) };
  const given = Object.values(context).some((value) => /[<>]/.test(`${value}`));
  const reading = given ? undefined : readConfig(context, new Date('2026-11-21T12:00:00Z'));
  expect(reading?.kind === 'problems' ? reading.problems : []).toEqual([]);
});

test.each(pages)('%s links to pages that are there', (page) => {
  const links = [...textOf(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
});
