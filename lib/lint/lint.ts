import type { Finding, Severity } from '../model/finding';
import type { World } from '../model/world';
import { checkAcls } from './acls';
import { checkBlocks } from './blocks';
import { checkDns } from './dns';
import { prepare } from './ground';
import { checkNames, checkOneSided } from './one-sided';
import { checkOrder } from './order';
import { checkPeers } from './peers';
import { checkPorts } from './ports';
import { checkSubjects } from './subjects';

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
];

const WEIGHT: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** What in a world is legal and probably not meant: errors first, the same order every time. */
export function lint(world: World): readonly Finding[] {
  const ground = prepare(world);
  return [...enforcers(world), ...CHECKS.flatMap((check) => check(ground))].sort(
    (a, b) => WEIGHT[a.severity] - WEIGHT[b.severity],
  );
}

/** Two that enforce the same policies: each drops what it likes, and only one of them says so. */
function enforcers({ enforcers: found = [] }: World): readonly Finding[] {
  if (!found.includes('calico') || !found.includes('vpc-cni')) return [];
  return [
    {
      code: 'two-enforcers',
      severity: 'error',
      object: 'cluster',
      why: 'Calico and the VPC CNI both enforce network policy: a packet must please both',
      fix: 'turn one off: for the VPC CNI set enableNetworkPolicy to "false" in its add-on',
    },
  ];
}
