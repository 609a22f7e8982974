import { usd } from '../cost/text';
import { type Leftover, describe as nameOf } from '../inventory/leftover';
import type { Sorted } from './owner';
import { removalCommand } from './removal-command';
import { heldBy, stagesOf } from './stages';
import type { SweepEvent, SweepResult } from './types';

/** A lab by its name, and the one region that was looked at. */
interface At {
  readonly lab: string;
  readonly region: string;
}

const nothingIn = ({ lab, region }: At): string =>
  `nothing of ${lab} is in ${region} (no other region was looked at)`;

/** A dry run as lines: exactly what a teardown would remove now, in its order, and what it costs. */
export function planText({ ours, foreign }: Sorted, { lab, region }: At): readonly string[] {
  if (ours.length === 0) return [nothingIn({ lab, region }), ...foreignText(foreign)];
  const stages = stagesOf(ours, lab);
  const shown = new Set(stages.flatMap(({ steps, waits }) => [...steps, ...waits]));
  const rest = ours.filter((item) => !shown.has(item) && heldBy(item, ours) === undefined);
  return [
    `${ours.length} resources of ${lab} would go, in this order:`,
    ...stages.flatMap(({ name, steps, waits }) => [
      `  ${name}`,
      ...[...steps, ...waits].flatMap((item) => [
        `    ${nameOf(item)}${itemNote(item)}`,
        ...(item.kind === 'stack' ? membersText(item, ours) : []),
      ]),
    ]),
    ...(rest.length === 0 ? [] : ['  with what holds them, or by hand']),
    ...rest.map((item) => `    ${nameOf(item)}${itemNote(item)}`),
    `they cost ${usd(perHour(ours))} an hour`,
    ...foreignText(foreign),
  ];
}

/** How a sweep ended, as lines: the inventory, and for what is left the command that removes it. */
export function resultText(result: SweepResult, at: At): readonly string[] {
  const { removed, left, foreign } = result;
  return [
    `${removed.length} removals asked for`,
    ...inventoryText(result, at),
    ...left.flatMap(({ item, reason }) => [
      `  ${nameOf(item)}${itemNote(item)}`,
      ...(reason === undefined ? [] : [`    refused: ${reason}`]),
      `    ${item.kind === 'other' ? 'look at it' : 'remove it'}: ${removalCommand(item, at.region)}`,
    ]),
    ...foreignText(foreign),
  ];
}

function inventoryText({ left, stopped }: SweepResult, at: At): readonly string[] {
  const perHourLeft = usd(perHour(left.map(({ item }) => item)));
  const known = `${left.length} left, ${perHourLeft} an hour`;
  if (stopped !== undefined) {
    return [`stopped: ${stopped}`, `inventory: unknown; the last look found ${known}`];
  }
  return [left.length === 0 ? `inventory: empty, ${nothingIn(at)}` : `inventory: ${known}`];
}

/** One event of a sweep in progress as a line. */
export function eventText(event: SweepEvent): string {
  switch (event.kind) {
    case 'looked':
      return `${event.left} left`;
    case 'look-failed':
      return `could not look around, trying again: ${event.reason}`;
    case 'stage':
      return `${event.name}: ${event.steps} to remove`;
    case 'removed':
      return `removed ${nameOf(event.item)}`;
    case 'refused':
      return `refused for now: ${nameOf(event.item)}: ${event.reason}`;
    case 'waiting':
      return `waiting for ${event.for.length}: ${event.for.slice(0, 3).map(nameOf).join(', ')}`;
  }
}

const perHour = (items: readonly Leftover[]): number =>
  items.reduce((sum, item) => sum + item.perHour, 0);

function itemNote({ status, perHour: cost }: Leftover): string {
  const price = cost === 0 ? '' : `, ${usd(cost)} an hour`;
  switch (status.kind) {
    case 'idle':
      return price;
    case 'attached':
      return `${price}, goes with its ${status.to}`;
    case 'going':
      return `${price}, already going`;
    case 'failed':
      return `${price}, failed before: ${status.reason}`;
  }
}

function membersText(stack: Leftover, ours: readonly Leftover[]): readonly string[] {
  const members = ours.filter((item) => heldBy(item, ours) === stack.name);
  return members.map((item) => `      ${nameOf(item)}${itemNote(item)}`);
}

const foreignText = (foreign: Sorted['foreign']): readonly string[] =>
  foreign.length === 0
    ? []
    : [
        'not removed, because it has another owner:',
        ...foreign.map(({ item, because }) => `  ${nameOf(item)}: ${because}`),
      ];
