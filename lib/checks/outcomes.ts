import type { FlowCheck, PingCheck } from '../lab/check';
import type { Outcome } from '../model/observation';
import type { AttemptCheck } from './target';

const FLOW: Readonly<Record<FlowCheck['expect'], Outcome>> = {
  allowed: 'connected',
  denied: 'timed-out',
  refused: 'refused',
  unreachable: 'unreachable',
};

const PING: Readonly<Record<PingCheck['expect'], Outcome>> = {
  answered: 'connected',
  silent: 'timed-out',
  unreachable: 'unreachable',
};

/** The outcome that a check expects of each of its attempts. */
export const expectedOutcome = (check: AttemptCheck): Outcome =>
  check.kind === 'flow' ? FLOW[check.expect] : PING[check.expect];

/** Whether a check counts only where a control connects: silence alone proves no filter. */
export const needsControl = (check: AttemptCheck): check is FlowCheck =>
  check.kind === 'flow' && check.expect === 'denied';

/** What an outcome says about the network, where no rule is known that decided it. */
export const OUTCOME_MEANING: Readonly<Record<Outcome, string>> = {
  connected: 'packets reach the destination, and its replies come back',
  refused: 'the packet arrived, and no process listens on that port',
  'timed-out': 'a packet was dropped without an error, on its way there or on its way back',
  unreachable: 'there is no route to the destination, or no neighbor has that address',
  unsupported: 'this target cannot send such packets',
};
