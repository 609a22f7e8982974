import { type Cidr, parseCidr } from '../model/address';
import type { ApplicationBalancer } from '../model/world';
import type { Metadata } from './metadata';

const PREFIX = 'alb.ingress.kubernetes.io/';

/** The class whose Ingresses the AWS Load Balancer Controller takes. */
const ALB_CLASS = 'alb';

/**
 * The application load balancer of an Ingress, or `undefined` where another controller reads it
 * (AWS Load Balancer Controller: Ingress annotations; internal and instance targets by default).
 */
export function applicationBalancer(
  { namespace, name, annotations }: Metadata,
  ingressClass: string | undefined,
): ApplicationBalancer | undefined {
  if (ingressClass !== ALB_CLASS) return undefined;
  const told = (key: string): string =>
    Object.hasOwn(annotations, PREFIX + key) ? (annotations[PREFIX + key] ?? '') : '';
  const list = (key: string): readonly string[] =>
    told(key)
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  const ranges = list('inbound-cidrs').map(parseCidr);
  const sourceRanges = ranges.filter((range): range is Cidr => !('problem' in range));
  const securityGroups = list('security-groups');
  return {
    group: told('group.name') || `${namespace}/${name}`,
    scheme: told('scheme') === 'internet-facing' ? 'internet-facing' : 'internal',
    targets: told('target-type') === 'ip' ? 'ip' : 'instance',
    listens: listeners(told('listen-ports'), told('certificate-arn') !== ''),
    addresses: [],
    ...(securityGroups.length > 0 && { securityGroups }),
    ...(sourceRanges.length > 0 && { sourceRanges }),
  };
}

/** `[{"HTTP": 80}, {"HTTPS": 443}]`; without it 443 where there is a certificate, else 80. */
function listeners(text: string, hasCertificate: boolean): readonly number[] {
  const ports = [...text.matchAll(/"HTTPS?"\s*:\s*(\d{1,5})/g)].map(([, port]) => Number(port));
  return ports.length > 0 ? ports : [hasCertificate ? 443 : 80];
}
