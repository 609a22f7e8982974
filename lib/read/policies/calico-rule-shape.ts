import type { Traffic } from '../../model/policy';
import { complain, inside } from '../schema/at';
import { refuse, wrongType } from '../schema/refusal';
import {
  anything,
  checked,
  closedObject,
  integer,
  list,
  oneOf,
  type Read,
  type Shape,
  text,
} from '../schema/shape';
import { entityRule } from './calico-entity';

export type CalicoProtocol = Exclude<Traffic['protocol'], 'any'>;

const NAMES = ['TCP', 'UDP', 'ICMP', 'ICMPv6', 'SCTP', 'UDPLite'] as const;

/** Numbers of the protocols that have names (IANA), so that `6` and `TCP` are one. */
const NUMBERS: Readonly<Record<number, (typeof NAMES)[number]>> = {
  1: 'ICMP',
  6: 'TCP',
  17: 'UDP',
  58: 'ICMPv6',
  132: 'SCTP',
  136: 'UDPLite',
};

const protocol: Shape<CalicoProtocol> = (value, at) => {
  if (typeof value === 'number') {
    if (Number.isInteger(value) && value >= 1 && value <= 255) return NUMBERS[value] ?? value;
    return refuse(at, `${value} is no protocol`, 'use a number from 1 to 255, or a name');
  }
  if (typeof value !== 'string') return wrongType(value, at, 'a protocol');
  const known = NAMES.find((name) => name === value);
  const meant = NAMES.find((name) => name.toLowerCase() === value.toLowerCase());
  const fix = meant === undefined ? `use ${NAMES.join(', ')} or a number` : `write ${meant}`;
  return known ?? refuse(at, `'${value}' is no protocol`, fix);
};

export const icmp = checked(
  closedObject({ optional: { type: integer(0, 254), code: integer(0, 255) } }),
  ({ type, code }, at) => {
    if (code === undefined || type !== undefined) return;
    complain(inside(at, 'code'), 'code stands without type', 'add type');
  },
);

/** One rule of a Calico policy, field by field. */
export const ruleShape = closedObject({
  required: { action: oneOf('Allow', 'Deny', 'Log', 'Pass') },
  optional: {
    ipVersion: integer(4, 6),
    protocol,
    notProtocol: protocol,
    icmp,
    notICMP: icmp,
    source: entityRule,
    destination: entityRule,
    http: closedObject({ optional: { methods: list(text()), paths: list(anything) } }),
    metadata: anything,
  },
});

/** A rule as it is written. */
export type CalicoRule = Read<typeof ruleShape>;
