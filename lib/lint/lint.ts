import type { Finding, FindingCode, Severity } from '../model/finding';
import type { World } from '../model/world';
import { checkAcls } from './acls';
import { checkBlocks } from './blocks';
import { checkCalico } from './calico';
import { checkDns } from './dns';
import { checkHttp } from './http';
import { checkNames, checkOneSided } from './one-sided';
import { checkOrder } from './order';
import { checkPeers } from './peers';
import { checkPorts } from './ports';
import { prepare } from './prepared';
import { checkSubjects } from './subjects';
import { checkVpcPaths } from './vpc-paths';

const CHECKS = [
  checkDns,
  checkPeers,
  checkOneSided,
  checkSubjects,
  checkOrder,
  checkPorts,
  checkBlocks,
  checkAcls,
  checkNames,
  checkHttp,
  checkCalico,
  checkVpcPaths,
];

const WEIGHT: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** What is valid in a world and probably a mistake: errors first, in the same order every time. */
export function lint(world: World): readonly Finding[] {
  const prepared = prepare(world);
  return [...enforcers(world), ...CHECKS.flatMap((check) => check(prepared))]
    .filter(({ code }) => world.leftOut === undefined || !ABOUT_ABSENCE.has(code))
    .sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity]);
}

/** Findings that something is missing: where objects were left out, they may be what is missing. */
const ABOUT_ABSENCE: ReadonlySet<FindingCode> = new Set([
  ...(['dns-cut', 'http-not-served', 'named-port-unknown', 'no-service', 'one-sided'] as const),
  ...(['other-namespace', 'peer-matches-nothing', 'policy-selects-nothing'] as const),
  'port-not-served',
]);

/** Two enforcers of the same policies: each drops packets on its own, and only one reports why. */
function enforcers({ enforcers: found = [] }: World): readonly Finding[] {
  if (!found.includes('calico') || !found.includes('vpc-cni')) return [];
  return [
    {
      code: 'two-enforcers',
      severity: 'error',
      object: 'cluster',
      why: 'Calico and the VPC CNI both enforce network policy: a packet must be allowed by both',
      fix: 'turn one off: for the VPC CNI set enableNetworkPolicy to "false" in its add-on',
    },
  ];
}
