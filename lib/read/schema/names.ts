import { type Cidr, type Ip, parseCidr, parseIp } from '../../model/address';
import { refuse, wrongType } from './refusal';
import { integer, parsed, record, type Shape, text, type ValueCheck } from './shape';

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const PORT_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** RFC 1123 label: at most 63 of a-z, 0-9 and `-`, as namespaces and services are named. */
export const isDnsLabel = (value: string): boolean => LABEL.test(value);

/** RFC 1123 subdomain: labels joined by dots, at most 253 characters, as most objects are named. */
export const isDnsSubdomain = (value: string): boolean =>
  value.length <= 253 && SUBDOMAIN.test(value);

const labelCheck: ValueCheck<string> = (value) =>
  isDnsLabel(value)
    ? undefined
    : {
        problem: `'${value}' is no valid name`,
        fix: 'use at most 63 of a-z, 0-9 and -, a letter or digit first and last',
      };

const subdomainCheck: ValueCheck<string> = (value) =>
  isDnsSubdomain(value)
    ? undefined
    : {
        problem: `'${value}' is no valid name`,
        fix: 'use at most 253 of a-z, 0-9, - and ., a letter or digit first and last',
      };

const LABEL_1035 = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** RFC 1035 label, as Services are named: a letter first (k8s: ValidateServiceName). */
export const checkServiceName: ValueCheck<string> = (value) =>
  LABEL_1035.test(value)
    ? undefined
    : {
        problem: `'${value}' is no name of a Service: no DNS name can be made of it`,
        fix: 'use at most 63 of a-z, 0-9 and -, a letter first and no - last',
      };

/** Text that is not empty. */
export const filled: Shape<string> = text((value) =>
  value === '' ? { problem: 'the text is empty', fix: 'write a value' } : undefined,
);

export const dnsLabel: Shape<string> = text(labelCheck);
export const dnsSubdomain: Shape<string> = text(subdomainCheck);

/** A label's key: `name` or `prefix/name` (k8s: IsQualifiedName). */
export const checkLabelKey: ValueCheck<string> = (key) => {
  const parts = key.split('/');
  const [prefix, name] = parts.length === 2 ? parts : [undefined, key];
  const good =
    parts.length <= 2 &&
    (prefix === undefined || isDnsSubdomain(prefix)) &&
    (name ?? '').length <= 63 &&
    QUALIFIED.test(name ?? '');
  return good
    ? undefined
    : {
        problem: `'${key}' is no valid label key`,
        fix: 'use at most 63 of A-Z, a-z, 0-9, -, _ and ., perhaps behind a DNS name and /',
      };
};

/** The key of an annotation, in capitals or not (k8s: ValidateAnnotations). */
export const annotationKey: ValueCheck<string> = (key) => {
  const wrong = checkLabelKey(key.toLowerCase());
  return wrong === undefined
    ? undefined
    : { problem: `'${key}' is no valid annotation key`, fix: wrong.fix };
};

/** A name with a prefix or without, such as `example.com/internal` (k8s: IsQualifiedName). */
export const qualifiedName: Shape<string> = text((value) => {
  const wrong = checkLabelKey(value);
  return wrong === undefined
    ? undefined
    : { problem: `'${value}' is no qualified name`, fix: wrong.fix };
});

/** A label's value: empty, or at most 63 characters (k8s: IsValidLabelValue). */
export const checkLabelValue: ValueCheck<string> = (value) =>
  value === '' || (value.length <= 63 && QUALIFIED.test(value))
    ? undefined
    : {
        problem: `'${value}' is no valid label value`,
        fix: 'use at most 63 of A-Z, a-z, 0-9, -, _ and ., a letter or digit first and last',
      };

export const labels: Shape<Record<string, string>> = record(checkLabelKey, text(checkLabelValue));

export const ipAddress: Shape<Ip> = parsed<Ip>(
  (value) =>
    parseIp(value) ?? {
      problem: `'${value}' is not an IP address`,
      fix: 'write one like 10.0.0.1',
    },
);

export const cidrBlock: Shape<Cidr> = parsed<Cidr>(parseCidr);

export const portNumber: Shape<number> = integer(1, 65535);

/** The name of a port (k8s: IsValidPortName): at most 15 of a-z, 0-9 and `-`, one a letter. */
export const checkPortName: ValueCheck<string> = (name) => {
  if (name.length <= 15 && PORT_NAME.test(name) && /[a-z]/.test(name)) return undefined;
  const fix = /^\d+$/.test(name)
    ? `write ${name} without quotes`
    : 'use at most 15 of a-z, 0-9 and single -, one of them a letter';
  return { problem: `'${name}' is no port name`, fix };
};

export const portName: Shape<string> = text(checkPortName);

/** A port by number or by name. */
export const portOrName: Shape<number | string> = (value, at) => {
  if (typeof value === 'number') return portNumber(value, at);
  if (typeof value === 'string') return portName(value, at);
  return wrongType(value, at, 'a port number or name');
};

/** What every list of protocols in Kubernetes' own kinds offers. */
export const portProtocol: Shape<'TCP' | 'UDP' | 'SCTP'> = (value, at) => {
  if (typeof value !== 'string') return wrongType(value, at, 'a protocol');
  if (value === 'TCP' || value === 'UDP' || value === 'SCTP') return value;
  const upper = value.toUpperCase();
  const known = upper === 'TCP' || upper === 'UDP' || upper === 'SCTP';
  return refuse(at, `'${value}' is no protocol`, known ? `write ${upper}` : 'use TCP, UDP or SCTP');
};
