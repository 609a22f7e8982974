import type { Hop } from '../model/explanation';
import { REPLY, type Station } from './station';

/** What a trace notes of a packet at its end. */
export const ARRIVES = 'arrives';

/**
 * A way's stations as a trace tells them.
 *
 * What lies behind a refusal is judged all the same: two refusals need two changes.
 */
export function hopsOf(stations: readonly Station[]): readonly Hop[] {
  const stop = stations.findIndex(({ answers }) =>
    answers.some(({ verdict }) => verdict === 'denied' || verdict === 'no-route'),
  );
  const hops = stations.map(({ device, decisions, note, becomes }, i): Hop => {
    // A translation comes before policy, so its note stands; an arrival does not.
    const lost =
      stop !== -1 && i > stop && (note === undefined || note === ARRIVES || note === REPLY);
    const changed = becomes === undefined ? {} : { becomes };
    return { device, decisions, ...(lost ? { note: 'not reached' } : noted(note)), ...changed };
  });
  return hops.reduce<readonly Hop[]>(oncePerDevice, []);
}

/** A device that both the node's side and the VPC's have something to say of is one hop. */
function oncePerDevice(before: readonly Hop[], hop: Hop): readonly Hop[] {
  const last = before.at(-1);
  if (last?.device !== hop.device) return [...before, hop];
  const notes = [last.note, hop.note].filter((note) => note !== undefined);
  const decisions = [...last.decisions, ...hop.decisions];
  const note = notes.length === 0 ? undefined : [...new Set(notes)].join('; ');
  const becomes = { ...last.becomes, ...hop.becomes };
  const changed = Object.keys(becomes).length === 0 ? {} : { becomes };
  return [...before.slice(0, -1), { device: hop.device, decisions, ...noted(note), ...changed }];
}

const noted = (note: string | undefined) => (note === undefined ? {} : { note });
