import { type Command, Option } from 'commander';
import { Failure, InputProblems } from '../../model/problem';

/** Adds `--json` to a command. */
export const jsonOption = (command: Command, what = 'print the value instead of the text') =>
  command.option('--json', what);

/** Adds `--lab <id>` to a command about a lab that is up. */
export const labOption = (command: Command): Command =>
  command.option('--lab <id>', 'which running lab, where several are up');

/** Adds `--as <name>` to a command about a lab that may run on EKS. */
export const asOption = (command: Command): Command =>
  command.option('--as <name>', 'EKS: the copy that was brought up with this name');

/** Adds `--region <region>`, by default the one that AWS_REGION names; empty means not set. */
export const regionOption = (command: Command, what = 'AWS region of the lab'): Command =>
  command.option('--region <region>', what, process.env.AWS_REGION || 'us-east-1');

/** Most hours that a lab on this machine runs without `lab extend`. */
const MOST_HOURS = 168;

/**
 * Reads a number of hours above 0, in fractions too.
 * @param code of the failure, which scripts may rely on
 * @param most largest number that is accepted
 */
export const hours =
  (code: string, most = MOST_HOURS) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value > 0 && value <= most) return value;
    const range = most === Number.POSITIVE_INFINITY ? 'a number above 0' : `0.1 to ${most}`;
    throw new Failure(code, `'${text}' is not a number of hours`, `use ${range}, such as 8`);
  };

/** Reads a whole number above 0. */
export const count =
  (option: string) =>
  (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value > 0) return value;
    const problem = `${option} must be a whole number above 0, not '${text}'`;
    throw new Failure('bad-number', problem, `${option} 100`);
  };

/** Reads a port to listen on; 0 takes a free one. */
export function port(text: string): number {
  const value = Number(text);
  if (/^\d{1,5}$/.test(text) && value <= 65_535) return value;
  throw new Failure('bad-number', `'${text}' is not a port`, 'use 1 to 65535, or 0 for a free one');
}

/** Reads the seed of a lab with a random fault: a whole number of at most nine digits. */
export function seed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Failure('bad-seed', `'${text}' is not a seed`, 'use a whole number, such as 7');
}

/** `--target <target>`. A lab refuses the targets it does not run on, with the reason. */
export const targetOption = (): Option =>
  new Option('--target <target>', 'where the lab runs')
    .choices(['local', 'kind', 'eks'])
    .default('local')
    .argParser((text) => text);

/** Sizes of a lab on EKS. */
const SIZES = ['small', 'production'] as const;

function size(text: string): string {
  if (SIZES.some((one) => one === text)) return text;
  const problem = `'${text}' is not a size`;
  const fix = `use one of ${SIZES.join(', ')}`;
  throw new InputProblems([{ file: 'context', document: 0, path: '--size', problem, fix }]);
}

/** `--size <size>`: how large a lab is on EKS. */
export const sizeOption = (what: string): Option =>
  new Option('--size <size>', what).choices(SIZES).default('small').argParser(size);

/** `--compare <sizes...>`: several sizes. */
export const compareSizesOption = (): Option =>
  new Option('--compare <sizes...>', 'several sizes side by side')
    .choices(SIZES)
    .argParser((text, before: readonly string[] | undefined) => [...(before ?? []), size(text)]);
