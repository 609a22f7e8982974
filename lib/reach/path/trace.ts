import type { Hop } from '../../model/explanation';
import { deviceIdOf } from '../hops/device-id';
import { isRefusal } from '../hops/hop';
import type { JudgedHop } from '../hops/types';

/** The note of a packet at its destination. */
export const ARRIVES = 'arrives';

/** The hops of one direction: up to the one that refuses the packet, and those behind it. */
export interface DirectionTrace {
  readonly reached: readonly Hop[];
  readonly unreached: readonly Hop[];
}

/** Judged hops as a trace shows them. */
export function traceOf(judged: readonly JudgedHop[]): DirectionTrace {
  const stop = judged.findIndex(({ verdict }) => isRefusal(verdict));
  if (stop === -1) return { reached: hopsOf(judged), unreached: [] };
  return { reached: hopsOf(judged.slice(0, stop + 1)), unreached: hopsOf(judged.slice(stop + 1)) };
}

function hopsOf(judged: readonly JudgedHop[]): readonly Hop[] {
  const hops: Hop[] = [];
  for (const { device, id, answers, note, becomes } of judged) {
    const decisions = answers.length === 1 ? answers[0]?.decisions : undefined;
    const hop = {
      device,
      id: id ?? deviceIdOf(device),
      decisions: decisions ?? answers.flatMap((answer) => answer.decisions),
      ...noted(note),
      ...changed(becomes),
    };
    const last = hops.at(-1);
    if (last?.id === hop.id) hops[hops.length - 1] = together(last, hop);
    else hops.push(hop);
  }
  return hops;
}

/** A device in which both the node's and the VPC's filters decide is one hop. */
function together(last: Hop, hop: Hop): Hop {
  const notes = [last.note, hop.note].filter((note) => note !== undefined);
  const decisions = [...last.decisions, ...hop.decisions];
  const note = notes.length === 0 ? undefined : [...new Set(notes)].join('; ');
  const becomes = { ...last.becomes, ...hop.becomes };
  const known = Object.keys(becomes).length === 0 ? undefined : becomes;
  return { device: hop.device, id: hop.id, decisions, ...noted(note), ...changed(known) };
}

const noted = (note: Hop['note']) => (note === undefined ? {} : { note });

const changed = (becomes: Hop['becomes']) => (becomes === undefined ? {} : { becomes });
