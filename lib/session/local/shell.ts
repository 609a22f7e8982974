import { existsSync } from 'node:fs';
import { withTools } from '../../targets/machines/bring-up';

/** A learner's own shell inside a place of a lab: it says where it is, and finds the CNI plugin. */
export function shellIn(place: string): readonly string[] {
  const prompt = Object.entries(promptFor(place)).map(([key, value]) => `${key}=${value}`);
  return withTools(['env', ...prompt, shellProgram(process.env.SHELL)]);
}

/**
 * The learner's `$SHELL`; bash where that is unset or is sh. At its end, dash (Debian's sh) gives the terminal
 * back to the process group that it started in. The leader of that group is outside the lab's PID namespace,
 * so dash fails there and exits with 2, whatever was asked of it.
 */
export function shellProgram(own: string | undefined, hasBash = existsSync(BASH)): string {
  const isSh = own === undefined || /(^|\/)(sh|dash)?$/.test(own);
  if (isSh && hasBash) return BASH;
  return own || '/bin/sh';
}

const BASH = '/bin/bash';

/**
 * What makes a shell say where it is. sh reads PS1 from its environment; bash sets its own when it
 * starts, so PROMPT_COMMAND sets it before the first prompt.
 */
const promptFor = (place: string): Readonly<Record<string, string>> => ({
  LAB_PLACE: place,
  PS1: `(${place}) $ `,
  PROMPT_COMMAND: 'PS1="($LAB_PLACE) $PS1"; unset PROMPT_COMMAND',
});
