import type { Evidence, Hop, Trace, Verdict } from '../model/explanation';
import type { Delivery } from './delivery';
import type { Judge, Judgement } from './judge';
import { isWorkload, type Party } from './party';
import { partyName } from './words';

/** One way through the network: what every device on it says, there and back. */
export interface Walked {
  readonly verdict: Verdict;
  readonly by: readonly Evidence[];
  readonly trace: Trace;
}

/** A device on the way, with what its filters answer. */
interface Station {
  readonly device: string;
  readonly judgements: readonly Judgement[];
  readonly note?: string;
}

/** Walks one delivery: egress policy, the nodes between, ingress policy, and the replies' way. */
export function walkPath(judge: Judge, delivery: Delivery): Walked {
  const stations = [
    sourceEnd(judge, delivery),
    ...between(delivery),
    destinationEnd(judge, delivery),
  ];
  const judgements = stations.flatMap((station) => station.judgements);
  const verdict = overall(judgements);
  const by = judgements.filter((one) => one.verdict === verdict).flatMap((one) => one.by);
  const stop = stations.findIndex((station) => station.judgements.some(refuses));
  const forward = stations.map((station, i) => hopOf(station, stop !== -1 && i > stop));
  return {
    verdict,
    by: by.length > 0 ? by : [unfiltered(delivery)],
    trace: { forward, return: verdict === 'allowed' ? replies(stations) : [] },
  };
}

/** A refusal anywhere is final, whatever is unknown elsewhere. */
export function overall(judgements: readonly { readonly verdict: Verdict }[]): Verdict {
  const order = ['denied', 'no-route', 'unknown'] as const;
  return order.find((verdict) => judgements.some((one) => one.verdict === verdict)) ?? 'allowed';
}

function sourceEnd(judge: Judge, { sent, note }: Delivery): Station {
  const judgements = present(judge.workload(sent, 'egress'));
  const isHost = !isWorkload(sent.source) && sent.source.node !== undefined;
  return {
    device: deviceOf(sent.source),
    judgements,
    ...(isHost && note !== undefined ? { note } : {}),
  };
}

function destinationEnd(judge: Judge, { received }: Delivery): Station {
  const judgements = present(judge.workload(received, 'ingress'));
  const device = deviceOf(received.target.party);
  return judgements.length === 0 ? { device, judgements, note: ARRIVES } : { device, judgements };
}

/** The nodes that forward for pods, and what translates between them. */
function between({ sent, received, via, note }: Delivery): readonly Station[] {
  const from = isWorkload(sent.source) ? sent.source.node : undefined;
  const to = isWorkload(received.target.party) ? received.target.party.node : undefined;
  const first = from === undefined ? [] : [`node ${from}`];
  const middle = via === undefined ? [] : [via];
  const own = sent.source.node;
  const last = to === undefined || to === own || via === `node ${to}` ? [] : [`node ${to}`];
  const translator = via ?? (from === undefined ? undefined : `node ${from}`);
  return [...first, ...middle, ...last].map((device) => ({
    device,
    judgements: [],
    ...(device === translator && note !== undefined ? { note } : {}),
  }));
}

const present = (judgement: Judgement | undefined): readonly Judgement[] =>
  judgement === undefined ? [] : [judgement];

const deviceOf = (party: Party): string =>
  party.end.kind === 'pod' ? `pod ${partyName(party)}` : partyName(party);

const ARRIVES = 'arrives';

const noted = (note: string | undefined) => (note === undefined ? {} : { note });

const refuses = ({ verdict }: Judgement): boolean => verdict === 'denied';

/** What lies behind a refusal is judged all the same: two refusals need two changes. */
const hopOf = ({ device, judgements, note }: Station, isBehind: boolean): Hop => ({
  device,
  decisions: judgements.flatMap((judgement) => judgement.decisions),
  // A translation comes before policy, so its note stands; an arrival does not.
  ...(isBehind && (note === undefined || note === ARRIVES) ? { note: 'not reached' } : noted(note)),
});

/** Policies are stateful (conntrack: established): who let the flow through lets its replies. */
const replies = (stations: readonly Station[]): readonly Hop[] =>
  stations.toReversed().map(({ device, judgements }) => ({
    device,
    decisions: [],
    ...(judgements.length === 0
      ? {}
      : { note: 'a reply to an allowed connection passes without being asked again' }),
  }));

const unfiltered = ({ sent, received }: Delivery): Evidence => ({
  filter: 'route',
  direction: 'egress',
  object: 'routed',
  rule: null,
  because: `no policy can stand between ${partyName(sent.source)} and ${partyName(received.target.party)}: neither is a pod of its own`,
});
