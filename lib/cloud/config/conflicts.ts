import { isPinned } from './addon-versions';
import { blockConflicts } from './block-conflicts';
import { environmentOf } from './environments';
import type { ConfigValues, Conflict } from './types';
import { ADDON_CHARTS, DEFAULT_KUBERNETES } from './versions';

interface Asked {
  /** Keys that were given. */
  readonly given: ReadonlySet<string>;
  readonly now: Date;
}

/** Every conflict among values that could be read; a missing value conflicts with nothing. */
export function conflictsOf(values: ConfigValues, asked: Asked): readonly Conflict[] {
  return [
    ...blockConflicts(values),
    ...versionConflicts(values, asked.now),
    ...lifeConflicts(asked),
    ...accessConflicts(values),
    ...familyConflicts(values),
    ...addonConflicts(values),
  ];
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
    ...(isPinned(version) || kubectlLayer === 'none' || 'missing' in calico
      ? []
      : [say(`the table of EKS add-ons has no row for Kubernetes ${version}`)]),
    ...('missing' in calico ? [say(calico.missing)] : []),
    ...(today > standardSupportEnds
      ? [
          say(
            `Kubernetes ${version} is in extended support since ${standardSupportEnds}: six times the price`,
          ),
        ]
      : []),
  ];
}

/** A changed lifetime needs an owner: other people find the owner in the tag. */
const lifeConflicts = ({ given }: Asked): readonly Conflict[] =>
  given.has('ttl') && !given.has('owner')
    ? [
        {
          key: 'ttl',
          problem: 'a ttl without an owner: other people in the account cannot see whose lab it is',
          fix: 'add -c owner=<your name>',
        },
      ]
    : [];

/** With `privateOnly` the API has no public endpoint, so nothing may be allowed to reach it. */
function accessConflicts(values: ConfigValues): readonly Conflict[] {
  const { privateOnly, allowedCidrs = [], publicApi = false } = values;
  if (privateOnly !== true) return [];
  const says = (key: 'allowedCidrs' | 'publicApi'): Conflict => ({
    key,
    problem: `privateOnly=true gives the API no public endpoint, which ${key} would open`,
    fix: `leave out ${key} or privateOnly`,
  });
  return [
    ...(allowedCidrs.length > 0 ? [says('allowedCidrs')] : []),
    ...(publicApi ? [says('publicApi')] : []),
  ];
}

/** EKS gives IPv6 pods addresses of their node's subnet; pod subnets are IPv4's (VPC CNI, custom networking). */
const familyConflicts = ({ lab, ipv6 }: ConfigValues): readonly Conflict[] =>
  ipv6 === true && lab !== undefined && environmentOf(lab).podAddresses === 'pod-subnets'
    ? [
        {
          key: 'ipv6',
          problem: `${lab} gives pods subnets of their own, which VPC CNI does for IPv4 only`,
          fix: 'leave ipv6 out for this lab',
        },
      ]
    : [];

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
