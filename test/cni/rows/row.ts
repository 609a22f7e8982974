import type { DirectCall, PluginHost } from '../host';

/** One thing that a runtime does, what our plugin makes of it, and what ptp with host-local does. */
export interface CniRow {
  /** A letter for the subject and a number, such as `C21`. */
  readonly id: string;
  readonly what: string;
  /** Who says what is right: a section of the specification (1.1.0), or a file of the CNI project. */
  readonly rule: string;
  readonly play: (on: PluginHost, containers: readonly string[]) => Promise<string>;
  readonly ours: string;
  /** Absent: the same as ours; of a refusal the code may be another. */
  readonly reference?: string;
  /** Why ours is right where the two differ, or why the reference is not asked. */
  readonly why?: string;
  /** A limit that is known and has its reason: the row is a note. */
  readonly note?: string;
}

export type Play = CniRow['play'];
type More = Pick<CniRow, 'reference' | 'why' | 'note'>;

/** A row that is one direct call. */
export const direct = (
  [id, what, rule]: readonly [string, string, string],
  call: DirectCall,
  ours: string,
  more: More = {},
): CniRow => ({ id, what, rule, play: (on) => on.direct(call), ours, ...more });

/** A row that is more than one call. */
export const played = (
  [id, what, rule]: readonly [string, string, string],
  play: Play,
  ours: string,
  more: More = {},
): CniRow => ({ id, what, rule, play, ours, ...more });

/** The reference has no such field, or another that means the same is asked for elsewhere. */
export const notAsked = (why: string): More => ({ reference: 'not asked', why });

/** Outcomes of calls, one after another. */
export async function inTurn(...calls: readonly (() => Promise<string>)[]): Promise<string> {
  const said: string[] = [];
  for (const call of calls) said.push(await call());
  return said.join(', ');
}

/** Sections of SPEC.md 1.1.0 of containernetworking/cni. */
export const SPEC = {
  add: 'specification 2, ADD',
  args: 'CONVENTIONS.md, CNI_ARGS',
  chain: 'specification 3, Lifecycle and Ordering',
  check: 'specification 2, CHECK',
  config: 'specification 1, Plugin configuration objects',
  conventions: 'CONVENTIONS.md, Dynamic Plugin specific fields',
  del: 'specification 2, DEL',
  error: 'specification 5, Error',
  gc: 'specification 2, GC',
  ipam: 'specification 4, Plugin Delegation',
  parameters: 'specification 2, Parameters',
  result: 'specification 5, Success',
  status: 'specification 2, STATUS',
  version: 'specification 2, VERSION',
} as const;
