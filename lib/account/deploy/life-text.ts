import { usd } from '../cost/text';
import type { LabLife } from './life';
import type { Preflight } from './preflight';

/** A lab's state as lines: what is there, how long it has, what it has cost. */
export function lifeText(life: LabLife): readonly string[] {
  const { lab, owner, stacks, since, perHour, costSoFar, resources } = life;
  return [
    `${lab}, brought up by ${owner === '' ? 'an unnamed owner' : owner} at ${since}`,
    ...stacks.map(({ name, status }) => `  ${name}  ${status}`),
    endText(life),
    `${resources} resources, ${usd(perHour)} an hour, at most ${usd(costSoFar)} so far`,
  ];
}

/** What was found before deploying, a line each, with what to do where something is to be done. */
export const preflightText = ({ findings }: Preflight): readonly string[] =>
  findings.flatMap(({ kind, what, found, fix }) => [
    `${{ fine: 'ok  ', notice: 'note', problem: 'NO  ' }[kind]} ${what}: ${found}`,
    ...(fix === '' ? [] : [`       fix: ${fix}`]),
  ]);

function endText({ end, lab }: LabLife): string {
  if (end.kind === 'unknown') return `nothing says when it ends: lab down ${lab}`;
  const { expires, hoursLeft } = end;
  return hoursLeft >= 0
    ? `ends at ${expires}, in ${hours(hoursLeft)}`
    : `should have ended at ${expires}, ${hours(-hoursLeft)} ago: lab down ${lab}`;
}

/** `3 h 20 min`. */
const hours = (amount: number): string => {
  const minutes = Math.round(amount * 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};
