import {
  bitsOf,
  type Cidr,
  cidr,
  contains,
  familyOf,
  type Ip,
  type IpFamily,
  ip,
  ipFromBits,
  networkOf,
} from '../../model/address';

/** Services' addresses on EKS, unless the VPC itself lies in 172.16.0.0/12 (EKS user guide). */
const EKS_SERVICES = cidr('172.20.0.0/16');
/** Blocks that other installers use: EKS' second choice, kubeadm, k3s. */
const OTHER_SERVICES = [cidr('10.100.0.0/16'), cidr('10.96.0.0/12'), cidr('10.43.0.0/16')];

/** Where assigned addresses begin; pods may grow through the whole of 10.0.0.0/8. */
export const FIRST_NODE = { 4: ip('10.0.0.10'), 6: ip('2001:db8::10') } as const;
export const FIRST_BALANCER = ip('10.0.0.200');
export const FIRST_POD = { 4: ip('10.0.1.1'), 6: ip('2001:db8:0:1::1') } as const;

/**
 * A block of unique local addresses as EKS chooses one, at creation, for a cluster of IPv6 (EKS
 * best practices, "Running IPv6 EKS clusters"); a /108 is the longest that Kubernetes takes.
 */
const EKS_SERVICES_6 = cidr('fd00:20::/108');

/**
 * The block that holds the cluster addresses which the manifests give, or EKS' own, of the family
 * of the first one given, else of the cluster's.
 */
export function serviceBlock(addresses: readonly Ip[], cluster: IpFamily): Cidr {
  const family = addresses[0] === undefined ? cluster : familyOf(addresses[0]);
  const given = addresses.filter((address) => familyOf(address) === family);
  const [first] = given;
  if (family === 6) {
    return first === undefined
      ? EKS_SERVICES_6
      : { address: networkOf(first, EKS_SERVICES_6.prefix), prefix: EKS_SERVICES_6.prefix };
  }
  const holdsAll = (block: Cidr): boolean => given.every((address) => contains(block, address));
  return [EKS_SERVICES, ...OTHER_SERVICES].find(holdsAll) ?? EKS_SERVICES;
}

/** Hands out free addresses, lowest first, so that the same input gets the same ones every time. */
export interface Pool {
  next(): Ip;
}

/** Addresses from `first` on, without those that are taken or that lie in a block to avoid. */
export function poolFrom(first: Ip, taken: Set<Ip>, avoid: readonly Cidr[] = []): Pool {
  let bits = bitsOf(first);
  const family = familyOf(first);
  // .0 and .255 are legal here and look wrong to everybody.
  const isFree = (address: Ip): boolean =>
    !/\.(0|255)$/.test(address) &&
    !taken.has(address) &&
    !avoid.some((block) => contains(block, address));
  const next = (): Ip => {
    for (;;) {
      const address = ipFromBits(bits, family);
      bits += 1n;
      if (!isFree(address)) continue;
      taken.add(address);
      return address;
    }
  };
  return { next };
}
