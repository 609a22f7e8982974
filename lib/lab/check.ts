import type { Filter } from '../model/explanation';
import type { Protocol } from '../model/flow';
import type { Question } from './answer';
import type { Fact } from './fact';
import { pluginTitle } from './plugin-fact';

/**
 * An end of a flow as a lab names it: a workload of the lab's own namespace (`frontend`, all its
 * pods), one in another (`outside/stranger`), `svc:shop/backend`, `node:node-a`, `ip:10.0.0.1`,
 * `internet` or the name of an outsider. In a Linux lab: the name of a machine or namespace.
 */
export type EndName = string;

/** Destination of a flow; it includes the port. */
export type FlowTarget =
  | `${EndName}:${number}`
  | `svc:${string}:${number}`
  | `node:${string}:${number}`
  | `ip:${string}:${number}`;

/**
 * What a flow must show. `denied` counts only when the packet vanished (`timed-out`) while the same
 * target answered a control in the same run: a dead server is no proof of a firewall. `refused`
 * means that the packet arrived and no process listened.
 */
export type Expected = 'allowed' | 'denied' | 'refused' | 'unreachable';

interface Why {
  /** Why it must be so: the lesson in one sentence. */
  readonly because: string;
}

/** A TCP (or other) flow with its expected outcome, for every pod behind both names. */
export interface FlowCheck extends Why {
  readonly kind: 'flow';
  readonly from: EndName;
  readonly to: FlowTarget;
  /** TCP where absent. */
  readonly protocol?: Exclude<Protocol, 'ICMP'>;
  readonly expect: Expected;
  /**
   * Who must reach the target in the same run for a denial to count. @default the target pod's own
   * node; say another where even that is kept out, as from a pod with a security group of its own.
   */
  readonly control?: EndName;
}

/** An echo request (ICMP has no ports) between two ends, or from one to an address. */
export interface PingCheck extends Why {
  readonly kind: 'ping';
  readonly from: EndName;
  /** An end, or an address. */
  readonly to: string;
  readonly expect: 'answered' | 'silent' | 'unreachable';
}

/** What a name resolves to from inside an endpoint, its search list and ndots included. */
export interface DnsCheck extends Why {
  readonly kind: 'dns';
  readonly from: EndName;
  readonly name: string;
  readonly expect:
    | { readonly kind: 'addresses-of'; readonly ends: readonly EndName[] }
    | { readonly kind: 'alias'; readonly target: string }
    | { readonly kind: 'no-such-name' }
    | { readonly kind: 'no-answer' };
}

/** A fact of the network inside one machine or namespace, read from outside the learner's shell. */
export interface FactCheck extends Why {
  readonly kind: 'fact';
  readonly in: string;
  readonly fact: Fact;
}

/** The headers of a packet while it passes a device. */
export interface WireCheck extends Why {
  readonly kind: 'wire';
  readonly from: EndName;
  readonly to: FlowTarget;
  /** Where the capture stands: an end's own interface, or a device of a machine. */
  readonly at: { readonly in: EndName; readonly device: string };
  readonly expect: {
    /** Whose address the packet carries as its source, or the address. */
    readonly source?: EndName;
    /** Whose address it carries as its destination. */
    readonly destination?: EndName;
    readonly encapsulation: 'none' | 'vxlan' | 'ipip';
    /** `never`: no packet of the flow may pass there. @default one must */
    readonly passes?: 'never';
  };
}

/** How answers spread over endpoints: each share of `requests` must lie within its bounds. */
export interface DistributionCheck extends Why {
  readonly kind: 'distribution';
  readonly from: EndName;
  readonly to: FlowTarget;
  readonly requests: number;
  /** Fractions, 0 to 1, by the name that answered (a pod, or a workload for all its pods). */
  readonly shares: Readonly<Record<string, { readonly min: number; readonly max: number }>>;
}

/** What the prediction must name as having decided a flow: the explanation is part of the lesson. */
export interface ExplanationCheck extends Why {
  readonly kind: 'explanation';
  readonly from: EndName;
  readonly to: FlowTarget;
  readonly filter: Filter;
  /** Name of the deciding object, or absent where any object of this filter will do. */
  readonly object?: string;
}

/** What would happen to a flow if every staged policy were enforced; today it passes all the same. */
export interface StagedCheck extends Why {
  readonly kind: 'staged';
  readonly from: EndName;
  readonly to: FlowTarget;
  readonly expect: 'would-be-allowed' | 'would-be-denied';
}

/** An HTTP request and what must come back, where a proxy reads HTTP. */
export interface HttpCheck extends Why {
  readonly kind: 'http';
  readonly from: EndName;
  readonly url: `http${'s' | ''}://${string}`;
  readonly headers?: Readonly<Record<string, string>>;
  /** Who is asked, by DNS name, where that is not the URL's own host. */
  readonly door?: string;
  readonly expect:
    | { readonly kind: 'answered'; readonly status: number; readonly by?: EndName }
    | { readonly kind: 'refused' };
}

/** The state of an object in a cluster (kind, EKS): a value at a path of it. */
export interface ObjectCheck extends Why {
  readonly kind: 'object';
  readonly apiVersion: string;
  readonly object: string;
  readonly namespace?: string;
  readonly name: string;
  /** Dotted, such as `status.conditions.0.status`; empty: the object exists. */
  readonly path: string;
  readonly equals?: string | number | readonly string[];
}

/** An object the API server must refuse, and with which words (kind, EKS). */
export interface AdmissionCheck extends Why {
  readonly kind: 'admission';
  /** YAML of the object that is tried, with `--dry-run=server`. */
  readonly manifest: string;
  readonly expect:
    | { readonly kind: 'refused'; readonly message: string }
    | { readonly kind: 'accepted' };
}

/**
 * The whole state of a cluster lab: every pair of ends, each port that a rule tells apart, both
 * directions, and where Services lead, all as at a reference stage. What differs is the answer.
 */
export interface StateCheck extends Why {
  readonly kind: 'state';
  /** The stage whose state must hold. */
  readonly as: string;
  /** What must hold, in one line. */
  readonly title: string;
  /**
   * `apart`: what the source may send and what the destination may receive are each as at the stage,
   * although a connection needs both. @default only whether a connection is possible
   */
  readonly directions?: 'apart';
  /**
   * `same`: tiers and policies are those of the stage, by any name. For steps whose lesson is the
   * order of policies, where another order gives the same verdicts. @default only their effect
   */
  readonly policies?: 'same';
}

/** Flows of a Linux lab that have one outcome: each source to each address on each port. */
export interface MachineFlows {
  /** Names of machines. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** A TCP port, `udp` and a port, or `icmp`. */
  readonly ports: readonly (number | `udp:${number}` | 'icmp')[];
  readonly expect: Expected;
  /** Name of the machine that must answer. @default any */
  readonly by?: string;
}

/** The whole state of a Linux lab: what machines, ports and protocols do, in both directions. */
export interface MachinesCheck extends Why {
  readonly kind: 'machines';
  /** What must hold, in one line. */
  readonly title: string;
  /** The first that names a flow decides what it must do. */
  readonly flows: readonly MachineFlows[];
}

/** A typed answer that the learner must have given. */
export interface AnswerCheck extends Why {
  readonly kind: 'answer';
  readonly question: Question;
}

/** One expectation of a step. Each kind is carried out by the target, and judged the same way. */
export type Check =
  | FlowCheck
  | PingCheck
  | DnsCheck
  | FactCheck
  | WireCheck
  | DistributionCheck
  | ExplanationCheck
  | StagedCheck
  | HttpCheck
  | ObjectCheck
  | AdmissionCheck
  | StateCheck
  | MachinesCheck
  | AnswerCheck;

/** Checks that need what only a real cluster has; the local target says so and goes on. */
export const CLUSTER_ONLY: readonly Check['kind'][] = ['object', 'admission'];

/** An end and a port apart; IPv6 and `svc:` names hold colons, so the last one counts. */
export function parseTarget(target: FlowTarget): { readonly end: EndName; readonly port: number } {
  const colon = target.lastIndexOf(':');
  return { end: target.slice(0, colon), port: Number(target.slice(colon + 1)) };
}

/** What a check looks at, in one line. */
export function describeCheck(check: Check): string {
  switch (check.kind) {
    case 'flow':
      return `${check.from} -> ${check.to}${check.protocol === undefined ? '' : `/${check.protocol}`} is ${check.expect}`;
    case 'ping':
      return `ping ${check.from} -> ${check.to} is ${check.expect}`;
    case 'dns':
      return describeDns(check);
    case 'fact':
      return `${check.in}: ${describeFactKind(check.fact)}`;
    case 'wire':
      return `${check.expect.passes === 'never' ? 'no packet' : 'headers'} of ${check.from} -> ${check.to} at ${check.at.in} ${check.at.device}`;
    case 'distribution':
      return `${check.requests} requests ${check.from} -> ${check.to} spread over ${Object.keys(check.shares).join(', ')}`;
    case 'explanation':
      return `${check.from} -> ${check.to} is decided by ${check.object ?? check.filter}`;
    case 'staged':
      return `${check.from} -> ${check.to} ${check.expect.replaceAll('-', ' ')} by what is staged`;
    case 'http':
      return `${check.from} asks ${check.door === undefined ? '' : `${check.door} for `}${check.url}`;
    case 'object':
      return `${check.object} ${check.namespace === undefined ? '' : `${check.namespace}/`}${check.name} ${check.path}`.trim();
    case 'admission':
      return `the API server says ${check.expect.kind}`;
    case 'machines':
    case 'state':
      return `whole state: ${check.title}`;
    case 'answer':
      return `your answer: ${check.question.ask}`;
  }
}

function describeDns({ from, name, expect }: DnsCheck): string {
  switch (expect.kind) {
    case 'addresses-of':
      return `${from} resolves ${name} to ${expect.ends.join(', ')}`;
    case 'alias':
      return `${from} resolves ${name} as an alias of ${expect.target}`;
    case 'no-such-name':
      return `${from} asks for ${name} and the answer is that there is no such name`;
    case 'no-answer':
      return `${from} asks for ${name} and no answer comes`;
  }
}

function describeFactKind(fact: Fact): string {
  switch (fact.kind) {
    case 'namespace':
      return `namespace ${fact.name} is ${fact.state}`;
    case 'interface':
      return `interface ${fact.device} is ${fact.state}`;
    case 'address':
      return `${fact.device} has ${fact.address}`;
    case 'route':
      return `${fact.state === 'absent' ? 'no route' : 'route'} to ${fact.to}`;
    case 'file':
      return `${fact.path} holds ${fact.contains}`;
    case 'rules':
      return `${fact.count} rules with ${fact.uses}`;
    case 'learned-mac':
      return `a neighbour learned behind ${fact.device}`;
    case 'sysctl':
      return `${fact.key} is ${fact.value}`;
    case 'plugin':
      return pluginTitle(fact);
    case 'leases':
      return `${fact.count} addresses leased, none twice`;
  }
}
