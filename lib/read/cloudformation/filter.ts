import { type Cidr, cidr } from '../../model/address';
import type { AclEntry, NetworkAcl, Vpc } from '../../model/vpc';
import { parseBlock } from './block';
import { defaultAcl } from './own';
import { hasPorts, isIcmp, portsAt } from './ports';
import {
  doubtAt,
  flagAt,
  mapAt,
  naming,
  numberAt,
  type Resource,
  type Resources,
  textAt,
  wrong,
} from './resource';
import { isUnknown, type UnknownValue } from './value';

/** Every block: what a default rule, or one not known before deployment, may match. */
export const EVERYWHERE = { 4: cidr('0.0.0.0/0'), 6: cidr('::/0') };

/** Network ACLs of a VPC, its default one (which allows everything) included. */
export function readAcls(
  resources: Resources,
  vpc: Pick<Vpc, 'id' | 'name'>,
): readonly NetworkAcl[] {
  const entries = resources.ofType('AWS::EC2::NetworkAclEntry');
  const own = resources
    .ofType('AWS::EC2::NetworkAcl')
    .filter((acl) => acl.properties.VpcId === vpc.id)
    .map((acl) => withEntries(acl.id, acl.name, entries));
  const id = defaultAcl(vpc.id);
  const added = withEntries(id, `default ACL of ${vpc.name}`, entries);
  return [
    {
      ...added,
      ingress: sorted([...added.ingress, ...ALLOW_ALL]),
      egress: sorted([...added.egress, ...ALLOW_ALL]),
    },
    ...own,
  ];
}

/** What EC2 puts into a default network ACL: rule 100 for IPv4, 101 for IPv6. */
const ALLOW_ALL: readonly AclEntry[] = [
  { number: 100, action: 'allow', protocol: 'any', cidr: EVERYWHERE[4], ports: 'any' },
  { number: 101, action: 'allow', protocol: 'any', cidr: EVERYWHERE[6], ports: 'any' },
];

function withEntries(id: string, name: string, entries: readonly Resource[]): NetworkAcl {
  const { known, doubtful } = naming(entries, 'NetworkAclId', id);
  const own = [
    ...known.map((entry) => ({ entry, doubt: undefined })),
    ...doubtful.map((entry) => ({ entry, doubt: doubtAt(entry.properties, 'NetworkAclId') })),
  ];
  const side = (egress: boolean): readonly AclEntry[] =>
    sorted(
      own.flatMap(({ entry, doubt }) => {
        const leaves = flagAt(entry.properties, 'Egress');
        if (leaves !== egress && !isUnknown(leaves)) return [];
        return readEntry(entry, doubt ?? (isUnknown(leaves) ? leaves.unknown : undefined));
      }),
    );
  return { id, name, ingress: side(false), egress: side(true) };
}

const sorted = (entries: readonly AclEntry[]): readonly AclEntry[] =>
  [...entries].sort((a, b) => a.number - b.number);

/** An entry; `doubt` says why it is not known whether it applies. */
function readEntry(entry: Resource, doubt: string | undefined): readonly AclEntry[] {
  const { properties } = entry;
  const number = numberAt(properties, 'RuleNumber');
  const action = textAt(properties, 'RuleAction');
  if (typeof number !== 'number' || number < 1 || number > 32766) {
    wrong(entry, 'RuleNumber', { problem: 'no rule number', fix: 'give a number of 1 to 32766' });
    return [];
  }
  if (action !== 'allow' && action !== 'deny') {
    wrong(entry, 'RuleAction', { problem: 'no action', fix: "write 'allow' or 'deny'" });
    return [];
  }
  const block = blockOf(entry);
  const protocol = numberAt(properties, 'Protocol');
  if (block === undefined) return [];
  const what = trafficOf(entry, protocol);
  const missing = doubt ?? (isUnknown(block) ? block.unknown : what.unknown);
  const line = { number, action, ...what.matches } as const;
  const rest = missing === undefined ? {} : { unknown: missing };
  const family = properties.CidrBlock === undefined ? 6 : 4;
  return [{ ...line, cidr: isUnknown(block) ? EVERYWHERE[family] : block, ...rest }];
}

/** Protocol, ports and ICMP types of an entry: the widest where they are not known. */
function trafficOf(
  entry: Resource,
  protocol: number | UnknownValue | undefined,
): {
  readonly matches: Pick<AclEntry, 'protocol' | 'ports' | 'icmp'>;
  readonly unknown?: string;
} {
  if (isUnknown(protocol))
    return { matches: { protocol: 'any', ports: 'any' }, unknown: protocol.unknown };
  if (protocol === undefined || protocol === -1)
    return { matches: { protocol: 'any', ports: 'any' } };
  if (isIcmp(protocol)) {
    const icmp = icmpOf(entry);
    if (isUnknown(icmp)) return { matches: { protocol, ports: 'any' }, unknown: icmp.unknown };
    return { matches: { protocol, ports: 'any', icmp } };
  }
  if (!hasPorts(protocol)) return { matches: { protocol, ports: 'any' } };
  const range = entry.properties.PortRange;
  const at = { resource: entry, path: 'PortRange' };
  const ports = isUnknown(range)
    ? range
    : portsAt(mapAt(entry.properties, 'PortRange'), ['From', 'To'], at);
  return isUnknown(ports)
    ? { matches: { protocol, ports: 'any' }, unknown: ports.unknown }
    : { matches: { protocol, ports } };
}

function blockOf(entry: Resource): Cidr | UnknownValue | undefined {
  const key = entry.properties.CidrBlock === undefined ? 'Ipv6CidrBlock' : 'CidrBlock';
  const text = textAt(entry.properties, key);
  if (isUnknown(text)) return text;
  const block = parseBlock(text ?? '');
  if (!('problem' in block)) return block;
  wrong(entry, key, block);
  return undefined;
}

function icmpOf(entry: Resource): { readonly type: number; readonly code: number } | UnknownValue {
  const whole = entry.properties.Icmp;
  if (isUnknown(whole)) return whole;
  const icmp = mapAt(entry.properties, 'Icmp');
  const [type = -1, code = -1] = ['Type', 'Code'].map((key) => numberAt(icmp, key));
  if (isUnknown(type)) return type;
  return isUnknown(code) ? code : { type, code };
}
