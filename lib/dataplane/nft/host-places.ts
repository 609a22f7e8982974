import type { Direction } from '../../model/flow';
import type { PolicyHook } from '../../model/policy';
import { DEFAULT, ruleName } from '../../model/rule-name';
import { ACCEPTED } from './rules';
import { quoted } from './ruleset';

/** One place where a host endpoint's policies are asked (Calico: felix/rules/endpoints.go). */
export interface HostHook {
  readonly name: string;
  readonly hook: string;
  readonly direction: Direction;
  readonly policies: readonly PolicyHook[];
  /** What happens before policies are asked. */
  readonly first: readonly string[];
  /** `host`: what is left falls to the profile; `passer-by`: it goes on. */
  readonly traffic: 'host' | 'passer-by';
  readonly tierEnd: 'denies' | 'is silent';
}

const ESTABLISHED = [
  'ct state established,related accept comment "established"',
  'ct state invalid drop comment "invalid"',
];

const DECIDED = `meta mark and ${ACCEPTED} == ${ACCEPTED} accept`;

/** Ports that Calico keeps open on host endpoints (Felix: FailsafeInboundHostPorts and Outbound). */
const FAILSAFE_TCP = '179, 2379, 2380, 5473, 6443, 6666, 6667';

const failsafe = (direction: Direction): readonly string[] => {
  const tcp = direction === 'ingress' ? `{ 22, ${FAILSAFE_TCP} }` : `{ ${FAILSAFE_TCP} }`;
  const udp = direction === 'ingress' ? '{ 68 }' : '{ 53, 67 }';
  const object = DEFAULT.failsafe;
  const name = quoted(ruleName({ filter: 'calico-policy', direction, object, rule: null }));
  return [`tcp dport ${tcp} accept comment ${name}`, `udp dport ${udp} accept comment ${name}`];
};

/**
 * Before connections are tracked nothing knows replies: there the failsafe ports are let through
 * as sources too, the other way.
 */
const failsafeReplies = (direction: Direction): readonly string[] =>
  failsafe(direction === 'ingress' ? 'egress' : 'ingress').map((rule) =>
    rule.replace('dport', 'sport'),
  );

/** All of them, in the order a packet may meet them. */
export const PLACES: readonly HostHook[] = [
  {
    name: 'untracked-ingress',
    hook: 'prerouting priority -300',
    direction: 'ingress',
    policies: ['untracked'],
    first: [...failsafe('ingress'), ...failsafeReplies('ingress')],
    traffic: 'passer-by',
    tierEnd: 'is silent',
  },
  {
    name: 'untracked-egress',
    hook: 'output priority -300',
    direction: 'egress',
    policies: ['untracked'],
    first: [...failsafe('egress'), ...failsafeReplies('egress')],
    traffic: 'passer-by',
    tierEnd: 'is silent',
  },
  {
    name: 'pre-dnat-ingress',
    hook: 'prerouting priority -150',
    direction: 'ingress',
    policies: ['pre-dnat'],
    first: [DECIDED, ...ESTABLISHED, ...failsafe('ingress')],
    traffic: 'passer-by',
    tierEnd: 'is silent',
  },
  {
    name: 'host-ingress',
    hook: 'input priority 2',
    direction: 'ingress',
    policies: ['normal', 'apply-on-forward'],
    first: [DECIDED, ...ESTABLISHED, ...failsafe('ingress')],
    traffic: 'host',
    tierEnd: 'denies',
  },
  {
    name: 'host-egress',
    hook: 'output priority 2',
    direction: 'egress',
    policies: ['normal', 'apply-on-forward'],
    first: [DECIDED, ...ESTABLISHED, ...failsafe('egress')],
    traffic: 'host',
    tierEnd: 'denies',
  },
  {
    name: 'through-ingress',
    hook: 'forward priority -5',
    direction: 'ingress',
    policies: ['apply-on-forward'],
    // What was accepted before translation is not asked again (Felix: StaticFilterForwardChains).
    first: [DECIDED, ...ESTABLISHED],
    traffic: 'passer-by',
    tierEnd: 'denies',
  },
  {
    name: 'through-egress',
    hook: 'forward priority 2',
    direction: 'egress',
    policies: ['apply-on-forward'],
    first: ESTABLISHED,
    traffic: 'passer-by',
    tierEnd: 'denies',
  },
];
