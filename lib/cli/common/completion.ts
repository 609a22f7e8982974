import type { Command } from 'commander';

/** Shells that a completion is written for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type CompletedShell = (typeof SHELLS)[number];

/** A command as completion knows it. */
interface CompletedCommand {
  readonly name: string;
  readonly about: string;
  /** Long options, with what they are for. */
  readonly options: readonly { readonly flag: string; readonly about: string }[];
  /** Its first argument is the id of a lab. */
  readonly takesLab: boolean;
}

/** Commands whose first argument is the id of a lab. */
const TAKE_LAB = ['show', 'up', 'down', 'cost', 'reset', 'exam', 'prove', 'sweep', 'export'];

/** The completion of a command line for a shell, from the tree of its commands and the ids of the labs. */
export function completionScript(
  shell: CompletedShell,
  program: Command,
  labs: readonly string[],
): string {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    about: command.description(),
    options: command.options.flatMap(({ long, description }) =>
      long === undefined || long === null ? [] : [{ flag: long, about: description }],
    ),
    takesLab: TAKE_LAB.includes(command.name()),
  }));
  switch (shell) {
    case 'bash':
      return bash(commands, labs);
    case 'zsh':
      return zsh(commands, labs);
    case 'fish':
      return fish(commands, labs);
  }
}

const names = (commands: readonly CompletedCommand[]): string =>
  commands.map(({ name }) => name).join(' ');

/** Words of one command: its options, and the labs where it takes one. */
const wordsOf = ({ options, takesLab }: CompletedCommand, labs: readonly string[]): string =>
  [...(takesLab ? labs : []), ...options.map(({ flag }) => flag)].join(' ');

function bash(commands: readonly CompletedCommand[], labs: readonly string[]): string {
  const cases = commands.map((one) => `    ${one.name}) words="${wordsOf(one, labs)}" ;;`);
  return [
    '_lab() {',
    `  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} words=""`,
    `  if [ "$COMP_CWORD" -eq 1 ]; then words="${names(commands)}"`,
    `  elif [ "$prev" = --lab ]; then words="${labs.join(' ')}"`,
    `  else case "\${COMP_WORDS[1]}" in`,
    ...cases,
    '  esac; fi',
    '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    '}',
    'complete -o default -F _lab lab',
  ].join('\n');
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function zsh(commands: readonly CompletedCommand[], labs: readonly string[]): string {
  const described = commands.map(({ name, about }) => `    ${quoted(`${name}:${about}`)}`);
  const cases = commands.map((one) => {
    const options = one.options.map(({ flag, about }) =>
      quoted(`${flag}[${about.replace(/[[\]]/g, '')}]`),
    );
    const lab = one.takesLab ? [quoted('2:lab:($labs)').replaceAll("'", '"')] : [];
    return `    ${one.name}) _arguments ${[...lab, ...options, "'*:file:_files'"].join(' ')} ;;`;
  });
  return [
    '#compdef lab',
    '_lab() {',
    `  local -a commands labs=(${labs.join(' ')})`,
    '  commands=(',
    ...described,
    '  )',
    '  if (( CURRENT == 2 )); then _describe command commands; return; fi',
    `  case "\${words[2]}" in`,
    ...cases,
    '  esac',
    '}',
    'compdef _lab lab',
  ].join('\n');
}

function fish(commands: readonly CompletedCommand[], labs: readonly string[]): string {
  const seen = (name: string): string => `-n '__fish_seen_subcommand_from ${name}'`;
  const lines = commands.flatMap(({ name, about, options, takesLab }) => [
    `complete -c lab -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}`,
    ...(takesLab ? [`complete -c lab ${seen(name)} -f -a '${labs.join(' ')}'`] : []),
    ...options.map(
      ({ flag, about: what }) =>
        `complete -c lab ${seen(name)} -l ${flag.slice(2)} -d ${quoted(what)}`,
    ),
  ]);
  return lines.join('\n');
}
