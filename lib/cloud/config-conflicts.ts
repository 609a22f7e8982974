import { type Cidr, cidr, formatCidr, offsetIp, overlaps, within } from '../model/address';
import type { ConfigValues } from './config';
import type { ContextKey } from './config-keys';
import { environmentOf } from './environments';
import { POD_PREFIX, VPC_PREFIX } from './layout';
import { ADDON_CHARTS, DEFAULT_KUBERNETES } from './versions';

/** Values that are fine alone and wrong together, or wrong for AWS. */
export interface Conflict {
  readonly key: ContextKey;
  readonly problem: string;
  readonly fix: string;
}

interface Asked {
  /** Keys that somebody gave. */
  readonly given: ReadonlySet<string>;
  readonly now: Date;
}

/** Block of the Services' cluster addresses; EKS takes one of its two defaults, and says which so late. */
export const SERVICE_CIDR = cidr('172.20.0.0/16');

/** A peered lab's second VPC lies right behind the first one, and so do its pods. */
export const behind = (block: Cidr): Cidr => ({
  address: offsetIp(block.address, 2 ** (32 - block.prefix)),
  prefix: block.prefix,
});

/** Every conflict among values that could be read; a missing value conflicts with nothing. */
export function conflictsOf(values: ConfigValues, asked: Asked): readonly Conflict[] {
  return [
    ...blockConflicts(values),
    ...versionConflicts(values, asked.now),
    ...lifeConflicts(asked),
    ...accessConflicts(values),
    ...labConflicts(values),
    ...addonConflicts(values),
  ];
}

/** Private ranges a VPC may use, and 100.64.0.0/10 for pods (VPC guide, VPC CIDR blocks). */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(cidr);
const SHARED = cidr('100.64.0.0/10');

function blockConflicts({ vpcCidr, podCidr }: ConfigValues): readonly Conflict[] {
  const found: Conflict[] = [];
  const say = (key: ContextKey, problem: string, fix: string) => found.push({ key, problem, fix });
  if (vpcCidr !== undefined) {
    const { min, max } = VPC_PREFIX;
    if (vpcCidr.prefix < min || vpcCidr.prefix > max) {
      say(
        'vpcCidr',
        `the subnets do not fit ${formatCidr(vpcCidr)}: a VPC here is /${min} to /${max}`,
        `write ${vpcCidr.address}/${Math.min(Math.max(vpcCidr.prefix, min), max)}`,
      );
    }
    if (!PRIVATE.some((range) => within(vpcCidr, range))) {
      say(
        'vpcCidr',
        `${formatCidr(vpcCidr)} is no private range`,
        `use a block of ${PRIVATE.map(formatCidr).join(', ')}`,
      );
    }
    if (overlaps(vpcCidr, SERVICE_CIDR)) {
      say(
        'vpcCidr',
        `${formatCidr(vpcCidr)} overlaps ${formatCidr(SERVICE_CIDR)}, the Services' addresses`,
        'use another block, like 10.0.0.0/16',
      );
    }
  }
  if (podCidr !== undefined) {
    const { min, max } = POD_PREFIX;
    if (podCidr.prefix < min || podCidr.prefix > max) {
      say(
        'podCidr',
        `the subnets do not fit ${formatCidr(podCidr)}: pods have /${min} to /${max}`,
        `write ${podCidr.address}/${Math.min(Math.max(podCidr.prefix, min), max)}`,
      );
    }
    if (!within(podCidr, SHARED)) {
      say(
        'podCidr',
        `${formatCidr(podCidr)} is outside ${formatCidr(SHARED)}, the one range every VPC may add`,
        'use a block of it, like 100.64.0.0/16',
      );
    }
  }
  if (vpcCidr !== undefined && podCidr !== undefined && overlaps(vpcCidr, podCidr)) {
    say(
      'podCidr',
      `${formatCidr(podCidr)} overlaps the VPC's ${formatCidr(vpcCidr)}`,
      'use a block of its own, like 100.64.0.0/16',
    );
  }
  return found;
}

function versionConflicts({ kubernetes }: ConfigValues, now: Date): readonly Conflict[] {
  if (kubernetes === undefined) return [];
  const { version, standardSupportEnds, kubectlLayer, calico } = kubernetes;
  const fix = `leave it out for ${DEFAULT_KUBERNETES}`;
  const say = (problem: string): Conflict => ({ key: 'kubernetes', problem, fix });
  const today = now.toISOString().slice(0, 10);
  return [
    ...(kubectlLayer === 'none'
      ? [say(`no kubectl layer is installed for Kubernetes ${version}`)]
      : []),
    ...(calico === 'none' ? [say(`no Calico release is tested with Kubernetes ${version}`)] : []),
    ...(today > standardSupportEnds
      ? [
          say(
            `Kubernetes ${version} is in extended support since ${standardSupportEnds}: six times the price`,
          ),
        ]
      : []),
  ];
}

/** Whoever changes how long a lab lives signs for it: the tag is what others find. */
const lifeConflicts = ({ given }: Asked): readonly Conflict[] =>
  given.has('ttl') && !given.has('owner')
    ? [
        {
          key: 'ttl',
          problem: 'a ttl without an owner: nobody to ask before it ends',
          fix: 'add -c owner=<your name>',
        },
      ]
    : [];

const accessConflicts = ({ privateOnly, allowedCidrs = [] }: ConfigValues): readonly Conflict[] =>
  privateOnly === true && allowedCidrs.length > 0
    ? [
        {
          key: 'allowedCidrs',
          problem: 'a private API has no public door to allow anybody through',
          fix: 'leave out allowedCidrs or privateOnly',
        },
      ]
    : [];

function labConflicts(values: ConfigValues): readonly Conflict[] {
  const { lab, ipv6, vpcCidr, podCidr } = values;
  if (lab === undefined) return [];
  const { podAddresses, peer } = environmentOf(lab);
  const found: Conflict[] = [];
  if (ipv6 === true && podAddresses === 'pod-subnets') {
    found.push({
      key: 'ipv6',
      problem: `${lab} gives pods subnets of their own, which VPC CNI does for IPv4 only`,
      fix: 'leave ipv6 out for this lab',
    });
  }
  if (peer === 'second-vpc' && vpcCidr !== undefined && podCidr !== undefined) {
    const second = behind(vpcCidr);
    if (!PRIVATE.some((range) => within(second, range)) || overlaps(second, SERVICE_CIDR)) {
      found.push({
        key: 'vpcCidr',
        problem: `${lab} puts a second VPC behind the first, and ${formatCidr(second)} cannot be one`,
        fix: 'use 10.0.0.0/16',
      });
    }
    if (!within(behind(podCidr), SHARED)) {
      found.push({
        key: 'podCidr',
        problem: `${lab} puts a second pod block behind the first, and ${formatCidr(behind(podCidr))} cannot be one`,
        fix: 'use 100.64.0.0/16',
      });
    }
  }
  return found;
}

/** Every add-on of the lab must be tested with the Kubernetes asked for. */
function addonConflicts({ lab, kubernetes }: ConfigValues): readonly Conflict[] {
  if (lab === undefined || kubernetes === undefined) return [];
  const minor = (version: string) => Number(version.split('.')[1]);
  return environmentOf(lab).addons.flatMap((addon): readonly Conflict[] => {
    if (addon === 'calico' || addon === 'gateway-api') return [];
    const { version, kubernetes: tested } = ADDON_CHARTS[addon];
    const asked = minor(kubernetes.version);
    if (asked >= minor(tested.first) && asked <= minor(tested.last)) return [];
    return [
      {
        key: 'kubernetes',
        problem: `${lab} needs ${addon} ${version}, tested with Kubernetes ${tested.first} to ${tested.last}, not ${kubernetes.version}`,
        fix: `leave it out for ${DEFAULT_KUBERNETES}`,
      },
    ];
  });
}
