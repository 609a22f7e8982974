import { familyOf, type Ip } from '../../model/address';
import { type At, complain, inside, warn } from '../schema/at';
import { specialRange } from '../schema/special-address';
import type { ServiceSpec } from './service-spec';

/** At most one address and one family of each kind. */
const MAX_FAMILIES = 2;

/**
 * Cluster addresses and families that fit together (k8s pkg/apis/core/validation:
 * ValidateServiceClusterIPsRelatedFields), and external addresses that can be called
 * (ValidateEndpointIP).
 */
export function checkServiceAddresses(spec: ServiceSpec, at: At): void {
  for (const [i, address] of (spec.externalIPs ?? []).entries()) {
    const range = specialRange(address);
    if (range === undefined) continue;
    const place = inside(inside(at, 'externalIPs'), i);
    complain(place, `${address} is ${range}, which no client can call`, 'use another address');
  }
  if (spec.type === 'ExternalName') checkNone(spec, at);
  else {
    checkFamilies(spec, at);
    checkList(spec, at);
  }
}

/** An ExternalName is a DNS answer: it has no address, and so no family. */
function checkNone(spec: ServiceSpec, at: At): void {
  const fields = ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'] as const;
  for (const field of fields) {
    const given = spec[field];
    if (given === undefined || (Array.isArray(given) && given.length === 0)) continue;
    complain(inside(at, field), 'a Service of type ExternalName has no address', 'remove it');
  }
}

function checkFamilies({ ipFamilies = [], ipFamilyPolicy }: ServiceSpec, at: At): void {
  const place = inside(at, 'ipFamilies');
  if (ipFamilies.length > MAX_FAMILIES) {
    complain(place, `${ipFamilies.length} families are too many`, 'name IPv4, IPv6 or both');
  } else if (new Set(ipFamilies).size < ipFamilies.length) {
    complain(place, `${ipFamilies[0]} is written twice`, 'remove one of the two');
  } else if (ipFamilies.length > 1 && ipFamilyPolicy === 'SingleStack') {
    warn(place, 'ipFamilyPolicy SingleStack takes one family', 'remove one of the two');
  }
}

function checkList(spec: ServiceSpec, at: At): void {
  const { clusterIP, clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
  const place = inside(at, 'clusterIPs');
  const [first] = clusterIPs;
  if (first !== undefined && first !== (clusterIP ?? '')) {
    const problem = `the first one is not clusterIP (${clusterIP ?? 'not given'})`;
    complain(inside(place, 0), problem, 'write the same address in both');
  }
  if (clusterIPs.length > MAX_FAMILIES) {
    complain(place, `${clusterIPs.length} addresses are too many`, 'give one of each family');
  }
  if (clusterIPs.length > 1 && clusterIPs.includes('None')) {
    complain(place, 'None stands beside an address', 'remove it, or the addresses');
  }
  if (clusterIPs.length > 1 && ipFamilyPolicy === 'SingleStack') {
    warn(place, 'ipFamilyPolicy SingleStack takes one address', 'remove one of the two');
  }
  const given = clusterIPs.length > 0 ? clusterIPs : [clusterIP ?? ''];
  const addresses = given.filter((one): one is Ip => one !== 'None' && one !== '');
  if (clusterIPs.includes('')) complain(place, 'an address is empty', 'remove it');
  if (addresses.length === 2 && new Set(addresses.map(familyOf)).size === 1) {
    complain(place, 'both addresses are of one family', 'give one of each family');
  }
  for (const [i, address] of addresses.entries()) {
    const family = ipFamilies[i];
    if (family === undefined || family === `IPv${familyOf(address)}`) continue;
    complain(inside(at, 'ipFamilies'), `${address} is not of family ${family}`, 'change one');
  }
}
