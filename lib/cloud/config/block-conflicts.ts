import {
  type Cidr,
  cidr,
  formatCidr,
  networkOf,
  offsetIp,
  overlaps,
  within,
} from '../../model/address';
import { environmentOf } from './environments';
import { POD_PREFIX, VPC_PREFIX } from './layout';
import type { ConfigValues, Conflict } from './types';

/** Block of the Services' cluster addresses; EKS takes one of its two defaults, and says which so late. */
export const SERVICE_CIDR = cidr('172.20.0.0/16');

/** A peered lab's second VPC lies right behind the first one, and so do its pods. */
export const behind = (block: Cidr): Cidr => ({
  address: offsetIp(block.address, 2 ** (32 - block.prefix)),
  prefix: block.prefix,
});

/** What is wrong with the blocks asked for, each alone, together, and for the lab. */
export const blockConflicts = (values: ConfigValues): readonly Conflict[] => [
  ...vpcConflicts(values),
  ...podConflicts(values),
  ...peerConflicts(values),
];

/** Private ranges a VPC may use, and the one that every VPC may add (VPC guide, VPC CIDR blocks). */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(cidr);
const SHARED = cidr('100.64.0.0/10');

/** A rule about one block: does it break it, what to say, what to do. */
interface Check {
  readonly broken: boolean;
  readonly problem: string;
  readonly fix: string;
}

const found = (key: Conflict['key'], checks: readonly Check[]): readonly Conflict[] =>
  checks.filter(({ broken }) => broken).map(({ problem, fix }) => ({ key, problem, fix }));

function vpcConflicts({ vpcCidr }: ConfigValues): readonly Conflict[] {
  if (vpcCidr === undefined) return [];
  const { min, max } = VPC_PREFIX;
  const block = formatCidr(vpcCidr);
  return found('vpcCidr', [
    {
      broken: !isSized(vpcCidr, VPC_PREFIX),
      problem: `the subnets do not fit ${block}: a VPC here is /${min} to /${max}`,
      fix: `write ${nearestSize(vpcCidr, VPC_PREFIX)}`,
    },
    {
      broken: !PRIVATE.some((range) => within(vpcCidr, range)),
      problem: `${block} is no private range`,
      fix: `use a block of ${PRIVATE.map(formatCidr).join(', ')}`,
    },
    {
      broken: overlaps(vpcCidr, SERVICE_CIDR),
      problem: `${block} overlaps ${formatCidr(SERVICE_CIDR)}, the Services' addresses`,
      fix: 'use another block, like 10.0.0.0/16',
    },
  ]);
}

function podConflicts({ podCidr, vpcCidr }: ConfigValues): readonly Conflict[] {
  if (podCidr === undefined) return [];
  const { min, max } = POD_PREFIX;
  const block = formatCidr(podCidr);
  return found('podCidr', [
    {
      broken: !isSized(podCidr, POD_PREFIX),
      problem: `the subnets do not fit ${block}: pods have /${min} to /${max}`,
      fix: `write ${nearestSize(podCidr, POD_PREFIX)}`,
    },
    {
      broken: !within(podCidr, SHARED),
      problem: `${block} is outside ${formatCidr(SHARED)}, the one range every VPC may add`,
      fix: 'use a block of it, like 100.64.0.0/16',
    },
    {
      broken: vpcCidr !== undefined && overlaps(vpcCidr, podCidr),
      problem: `${block} overlaps the VPC's ${vpcCidr === undefined ? '' : formatCidr(vpcCidr)}`,
      fix: 'use a block of its own, like 100.64.0.0/16',
    },
  ]);
}

/** A lab with two VPCs needs room behind both blocks. */
function peerConflicts({ lab, vpcCidr, podCidr }: ConfigValues): readonly Conflict[] {
  if (lab === undefined || environmentOf(lab).peer === 'none') return [];
  const second = vpcCidr === undefined ? undefined : behind(vpcCidr);
  const pods = podCidr === undefined ? undefined : behind(podCidr);
  const fits = (block: Cidr, ranges: readonly Cidr[]) =>
    ranges.some((range) => within(block, range)) && !overlaps(block, SERVICE_CIDR);
  const says = (what: string, block: Cidr | undefined) =>
    `${lab} puts a second ${what} behind the first, and ${block === undefined ? '' : formatCidr(block)} cannot be one`;
  return [
    ...found('vpcCidr', [
      {
        broken: second !== undefined && !fits(second, PRIVATE),
        problem: says('VPC', second),
        fix: 'use 10.0.0.0/16',
      },
    ]),
    ...found('podCidr', [
      {
        broken: pods !== undefined && !fits(pods, [SHARED]),
        problem: says('pod block', pods),
        fix: 'use 100.64.0.0/16',
      },
    ]),
  ];
}

interface Sizes {
  readonly min: number;
  readonly max: number;
}

const isSized = ({ prefix }: Cidr, { min, max }: Sizes): boolean => prefix >= min && prefix <= max;

/** The block of an allowed size that lies where this one does. */
function nearestSize({ address, prefix }: Cidr, { min, max }: Sizes): string {
  const allowed = Math.min(Math.max(prefix, min), max);
  return formatCidr({ address: networkOf(address, allowed), prefix: allowed });
}
