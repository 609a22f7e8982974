import type { Command } from 'commander';
import type { ExitCode } from './exit';
import type { Terminal } from './terminal';

/** A command's file: it adds itself to the command line and reports the exit code when it ends. */
export interface CommandFile {
  register(program: Command, terminal: Terminal, ended: (code: ExitCode) => void): void;
}

/** Every command, by name. */
export const COMMANDS = {
  list: () => require('./list') as CommandFile,
  show: () => require('./show') as CommandFile,
  up: () => require('./up') as CommandFile,
  check: () => require('./check') as CommandFile,
  answer: () => require('./answer') as CommandFile,
  hint: () => require('./hint') as CommandFile,
  solve: () => require('./solve') as CommandFile,
  stage: () => require('./stage') as CommandFile,
  apply: () => require('./apply') as CommandFile,
  matrix: () => require('./matrix') as CommandFile,
  explain: () => require('./explain') as CommandFile,
  exec: () => require('./exec') as CommandFile,
  shell: () => require('./shell') as CommandFile,
  chains: () => require('./chains') as CommandFile,
  speed: () => require('./speed') as CommandFile,
  capture: () => require('./capture') as CommandFile,
  status: () => require('./status') as CommandFile,
  extend: () => require('./extend') as CommandFile,
  down: () => require('./down') as CommandFile,
  reset: () => require('./reset') as CommandFile,
  cost: () => require('./cost') as CommandFile,
  sweep: () => require('./sweep') as CommandFile,
  export: () => require('./export') as CommandFile,
  doctor: () => require('./doctor') as CommandFile,
  predict: () => require('./predict') as CommandFile,
  probe: () => require('./probe') as CommandFile,
  compare: () => require('./compare') as CommandFile,
  diff: () => require('./diff') as CommandFile,
  lint: () => require('./lint') as CommandFile,
  flows: () => require('./flows') as CommandFile,
  recommend: () => require('./recommend') as CommandFile,
  demo: () => require('./demo') as CommandFile,
  prove: () => require('./prove') as CommandFile,
} as const;

export type CommandName = keyof typeof COMMANDS;

/** The commands as help lists them: under what for, in this order. */
export const GROUPS: Readonly<Record<string, readonly CommandName[]>> = {
  'Learn:': ['list', 'show', 'up', 'check', 'answer', 'hint', 'solve', 'stage', 'apply', 'reset'],
  'Look into a running lab:': ['exec', 'shell', 'capture', 'chains', 'status', 'extend', 'down'],
  'Judge a network, a lab’s or your own:': [
    ...(['matrix', 'explain', 'lint', 'diff', 'predict', 'probe', 'compare'] as const),
    ...(['flows', 'recommend'] as const),
  ],
  'In an AWS account:': ['cost', 'sweep', 'export'],
  'Prove and examine:': ['demo', 'prove', 'speed', 'doctor'],
};

export const isCommand = (word: string): word is CommandName => Object.hasOwn(COMMANDS, word);
