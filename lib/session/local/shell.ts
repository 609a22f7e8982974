import { withTools } from '../../targets/machines/bring-up';

/** A learner's own shell inside a place of a lab: it says where it is, and finds the CNI plugin. */
export function shellIn(place: string): readonly string[] {
  const prompt = Object.entries(promptFor(place)).map(([key, value]) => `${key}=${value}`);
  return withTools(['env', ...prompt, process.env.SHELL ?? '/bin/sh']);
}

/**
 * What makes a shell say where it is. sh reads PS1 from its environment; bash sets its own when it
 * starts, so PROMPT_COMMAND sets it before the first prompt.
 */
const promptFor = (place: string): Readonly<Record<string, string>> => ({
  LAB_PLACE: place,
  PS1: `(${place}) $ `,
  PROMPT_COMMAND: 'PS1="($LAB_PLACE) $PS1"; unset PROMPT_COMMAND',
});
