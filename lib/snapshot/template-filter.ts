import { type Cidr, cidr, parseCidr } from '../model/address';
import type { PortRange } from '../model/policy';
import type { AclEntry, NetworkAcl, Vpc } from '../model/vpc';
import { defaultAcl } from './template-network';
import {
  isTrue,
  mapAt,
  numberAt,
  type Resource,
  type Resources,
  textAt,
  wrong,
} from './template-resource';
import { firstUnknown, isUnknown, type UnknownValue, type ValueMap } from './template-value';

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
  const own = entries.filter((entry) => entry.properties.NetworkAclId === id);
  const side = (egress: boolean): readonly AclEntry[] =>
    sorted(own.filter((e) => isTrue(e.properties.Egress) === egress).flatMap(readEntry));
  return { id, name, ingress: side(false), egress: side(true) };
}

const sorted = (entries: readonly AclEntry[]): readonly AclEntry[] =>
  [...entries].sort((a, b) => a.number - b.number);

function readEntry(entry: Resource): readonly AclEntry[] {
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
  const ports = portsAt(mapAt(properties, 'PortRange'), 'From', 'To');
  const icmp = mapAt(properties, 'Icmp');
  const missing = [block, protocol ?? -1, ports].find(isUnknown);
  return [
    {
      number,
      action,
      protocol: protocol === undefined || isUnknown(protocol) || protocol === -1 ? 'any' : protocol,
      cidr: isUnknown(block) ? EVERYWHERE[4] : block,
      ports: isUnknown(ports) || (protocol !== 6 && protocol !== 17) ? 'any' : ports,
      ...(protocol === 1 || protocol === 58 ? { icmp: icmpOf(icmp) } : {}),
      ...(missing === undefined ? {} : { unknown: missing.unknown }),
    },
  ];
}

function blockOf(entry: Resource): Cidr | UnknownValue | undefined {
  const key = entry.properties.CidrBlock === undefined ? 'Ipv6CidrBlock' : 'CidrBlock';
  const text = textAt(entry.properties, key);
  if (isUnknown(text)) return text;
  const block = parseCidr(text ?? '');
  if (!('problem' in block)) return block;
  wrong(entry, key, block);
  return undefined;
}

const icmpOf = (icmp: ValueMap): { type: number; code: number } => {
  const field = (key: string): number => {
    const value = numberAt(icmp, key);
    return typeof value === 'number' ? value : -1;
  };
  return { type: field('Type'), code: field('Code') };
};

/** A port range from its two properties: `any` where there is none, unknown where it is not known. */
export function portsAt(
  from: ValueMap,
  first: string,
  last: string,
): 'any' | PortRange | UnknownValue {
  const [low, high] = [numberAt(from, first), numberAt(from, last)];
  const missing = firstUnknown([low ?? null, high ?? null]);
  if (missing !== undefined) return missing;
  if (typeof low !== 'number' || low === -1) return 'any';
  return { first: low, last: typeof high === 'number' && high !== -1 ? high : low };
}
