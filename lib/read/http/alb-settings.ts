import { type Cidr, parseCidr } from '../../model/address';
import { type At, complain } from '../schema/at';
import { ALB_ANNOTATIONS } from './alb-annotations';
import { annotationAt, commaList, servedAnnotations } from './annotations';
import type { IngressObject } from './ingress';
import type { IngressClassParamsObject } from './objects';

/** What one Ingress says about its load balancer, with what its class says in its place. */
export interface AlbSettings {
  /** Name of the group; absent: its own. */
  readonly group?: string;
  readonly order: number;
  readonly scheme?: string;
  readonly ipAddressType?: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly managesBackendRules?: boolean;
  readonly listens: ReadonlyMap<number, 'HTTP' | 'HTTPS'>;
  readonly sslRedirect?: number;
  readonly sourceRanges: readonly Cidr[];
  readonly prefixLists: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** Reports something wrong at an annotation. */
type Complain = (key: string, problem: string, fix: string) => void;

/**
 * Settings of an Ingress as the AWS Load Balancer Controller reads them: what the class says comes
 * before annotations (its guide, IngressClassParams; pkg/ingress/model_build_listener.go).
 */
export function albSettings(
  { annotations: written }: IngressObject,
  params: IngressClassParamsObject | undefined,
  at: At,
): AlbSettings {
  const annotations = servedAnnotations(written, ALB_ANNOTATIONS, at);
  const say: Complain = (key, problem, fix) =>
    complain(annotationAt(at, `${ALB_ANNOTATIONS.prefix}${key}`), problem, fix);
  const group = params?.group ?? annotations['group.name'];
  if (group !== undefined) checkGroup(group, say);
  const certificates = params?.certificates.length
    ? params.certificates
    : commaList(annotations['certificate-arn']);
  const sslRedirect = params?.sslRedirectPort ?? annotations['ssl-redirect'];
  const scheme = params?.scheme ?? annotations.scheme;
  const ipAddressType = params?.ipAddressType ?? annotations['ip-address-type'];
  const manages = annotations['manage-backend-security-group-rules'];
  return {
    order: orderOf(annotations['group.order'], say),
    subnets: params?.subnets.length ? params.subnets : commaList(annotations.subnets),
    securityGroups: commaList(annotations['security-groups']),
    listens: listensOf(annotations['listen-ports'], certificates.length > 0, say),
    sourceRanges: rangesOf(params, annotations['inbound-cidrs'], say),
    prefixLists: params?.prefixLists.length
      ? params.prefixLists
      : commaList(annotations['security-group-prefix-lists']),
    annotations,
    ...(group !== undefined && { group }),
    ...(scheme !== undefined && { scheme }),
    ...(ipAddressType !== undefined && { ipAddressType }),
    ...(manages !== undefined && { managesBackendRules: isTrue(manages, say) }),
    ...(sslRedirect !== undefined && { sslRedirect: redirectPort(sslRedirect, say) }),
  };
}

function checkGroup(name: string, say: Complain): void {
  if (name.length <= 63 && /^([a-z0-9][-a-z0-9.]*)?[a-z0-9]$/.test(name)) return;
  say('group.name', `'${name}' is not a valid group name`, 'use at most 63 of a-z, 0-9, - and .');
}

function orderOf(text: string | undefined, say: Complain): number {
  const order = Number(text ?? 0);
  if (Number.isInteger(order) && order >= -1000 && order <= 1000) return order;
  say('group.order', `'${text}' is not an order`, 'use a whole number from -1000 to 1000');
  return 0;
}

function isTrue(text: string, say: Complain): boolean {
  if (text !== 'true' && text !== 'false') {
    say(
      'manage-backend-security-group-rules',
      `'${text}' is not a boolean`,
      'write "true" or "false"',
    );
  }
  return text === 'true';
}

function redirectPort(text: string, say: Complain): number {
  const port = Number(text);
  if (!Number.isInteger(port)) say('ssl-redirect', `'${text}' is not a port`, 'write "443"');
  return port;
}

function listensOf(
  text: string | undefined,
  hasCertificate: boolean,
  say: Complain,
): ReadonlyMap<number, 'HTTP' | 'HTTPS'> {
  if (text === undefined) {
    return hasCertificate ? new Map([[443, 'HTTPS']]) : new Map([[80, 'HTTP']]);
  }
  const found = new Map<number, 'HTTP' | 'HTTPS'>();
  const fix = `write '[{"HTTP": 80}, {"HTTPS": 443}]'`;
  const entries = jsonOf(text);
  if (!Array.isArray(entries) || entries.length === 0 || !entries.every(isRecord)) {
    say('listen-ports', `'${text}' is not a list of ports`, fix);
    return found;
  }
  for (const [protocol, port] of entries.flatMap((one) => Object.entries(one))) {
    if (protocol !== 'HTTP' && protocol !== 'HTTPS') {
      say('listen-ports', `'${protocol}' is not HTTP or HTTPS`, fix);
    } else if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65535) {
      say('listen-ports', `${JSON.stringify(port)} is not a port from 1 to 65535`, fix);
    } else {
      found.set(port, protocol);
    }
  }
  return found;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text as JSON; `undefined` where it is not JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A range that is not understood is refused: left out it would admit everybody. */
function rangesOf(
  params: IngressClassParamsObject | undefined,
  text: string | undefined,
  say: Complain,
): readonly Cidr[] {
  const written = params?.inboundCidrs.length ? params.inboundCidrs : commaList(text);
  return written.flatMap((item) => {
    const block = parseCidr(item);
    if (!('problem' in block)) return [block];
    say('inbound-cidrs', block.problem, block.fix);
    return [];
  });
}
