import type { Command } from 'commander';
import type { ExitCode } from './common/exit';
import type { Terminal } from './common/terminal';

/** A command's file: it adds itself to the command line and reports the exit code when it ends. */
export interface CommandFile {
  register(program: Command, terminal: Terminal, ended: (code: ExitCode) => void): void;
}

/** Every command, by name. */
export const COMMANDS = {
  list: () => require('./commands/list') as CommandFile,
  show: () => require('./commands/show') as CommandFile,
  up: () => require('./commands/up') as CommandFile,
  check: () => require('./commands/check') as CommandFile,
  answer: () => require('./commands/answer') as CommandFile,
  hint: () => require('./commands/hint') as CommandFile,
  solve: () => require('./commands/solve') as CommandFile,
  stage: () => require('./commands/stage') as CommandFile,
  apply: () => require('./commands/apply') as CommandFile,
  matrix: () => require('./commands/matrix') as CommandFile,
  explain: () => require('./commands/explain') as CommandFile,
  exec: () => require('./commands/exec') as CommandFile,
  shell: () => require('./commands/shell') as CommandFile,
  chains: () => require('./commands/chains') as CommandFile,
  speed: () => require('./commands/speed') as CommandFile,
  capture: () => require('./commands/capture') as CommandFile,
  status: () => require('./commands/status') as CommandFile,
  extend: () => require('./commands/extend') as CommandFile,
  down: () => require('./commands/down') as CommandFile,
  next: () => require('./commands/next') as CommandFile,
  get: () => require('./commands/get') as CommandFile,
  exam: () => require('./commands/exam') as CommandFile,
  progress: () => require('./commands/progress') as CommandFile,
  completion: () => require('./commands/completion') as CommandFile,
  reset: () => require('./commands/reset') as CommandFile,
  cost: () => require('./commands/cost') as CommandFile,
  sweep: () => require('./commands/sweep') as CommandFile,
  export: () => require('./commands/export') as CommandFile,
  doctor: () => require('./commands/doctor') as CommandFile,
  predict: () => require('./commands/predict') as CommandFile,
  probe: () => require('./commands/probe') as CommandFile,
  compare: () => require('./commands/compare') as CommandFile,
  diff: () => require('./commands/diff') as CommandFile,
  lint: () => require('./commands/lint') as CommandFile,
  map: () => require('./commands/map') as CommandFile,
  flows: () => require('./commands/flows') as CommandFile,
  recommend: () => require('./commands/recommend') as CommandFile,
  demo: () => require('./commands/demo') as CommandFile,
  prove: () => require('./commands/prove') as CommandFile,
  book: () => require('./commands/book') as CommandFile,
} as const;

export type CommandName = keyof typeof COMMANDS;

/** The commands as help lists them: under what for, in this order. */
export const GROUPS: Readonly<Record<string, readonly CommandName[]>> = {
  'Learn:': [
    ...(['book', 'list', 'show', 'up', 'next', 'check', 'answer', 'hint', 'solve'] as const),
    ...(['stage', 'apply', 'exam', 'progress', 'reset'] as const),
  ],
  'Look into a running lab:': [
    ...(['get', 'exec', 'shell', 'capture', 'chains', 'status', 'extend', 'down'] as const),
  ],
  'Judge a network, a lab’s or your own:': [
    ...(['map', 'matrix', 'explain', 'lint', 'diff', 'predict', 'probe', 'compare'] as const),
    ...(['flows', 'recommend'] as const),
  ],
  'In an AWS account:': ['cost', 'sweep', 'export'],
  'Prove and examine:': ['demo', 'prove', 'speed', 'doctor', 'completion'],
};

export const isCommand = (word: string): word is CommandName => Object.hasOwn(COMMANDS, word);
