import { likely } from '../../model/nearest';
import table from './resource-types.json';
import { below, type Place, report } from './scope';
import { tellBy } from './tell';
import {
  isScalar,
  isUnknown,
  isValueList,
  isValueMap,
  type UnknownValue,
  unknown,
  type Value,
  type ValueMap,
} from './value';

/** What CloudFormation says a property is. */
type Shape =
  | 'any'
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | { readonly enum: readonly string[] }
  | { readonly list: Shape }
  | ObjectShape;

interface ObjectShape {
  readonly of: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
}

/** Shapes of resource types, from CloudFormation's own resource schemas (`resource-types.json` names its source). */
const SHAPES = table.types as unknown as Readonly<Record<string, ObjectShape>>;

/** Types that have interfaces in a VPC, or decide who reaches one, and are not read. */
export const NOT_MODELLED: ReadonlySet<string> = new Set(table.notModelled);

/**
 * The properties of a resource as CloudFormation takes them: texts of digits as numbers, `"true"` as
 * a boolean. What it refuses is reported at its place: a property that the type does not have, a value
 * of the wrong kind, a missing property that decides who reaches whom.
 */
export function conform(type: string, properties: ValueMap, place: Place): ValueMap {
  const shape = Object.hasOwn(SHAPES, type) ? SHAPES[type] : undefined;
  return shape === undefined ? properties : conformObject(properties, shape, place);
}

/** An unknown value with the place of the property, and what would tell it. */
const placed = (value: UnknownValue, { path }: Place): UnknownValue =>
  unknown(`${value.unknown} (${path}; ${tellBy(value.unknown)})`, value.pattern);

function conformValue(value: Value, shape: Shape, place: Place): Value {
  if (isUnknown(value)) return placed(value, place);
  if (shape === 'any') return value;
  if (typeof shape === 'string') return conformScalar(value, shape, place);
  if ('enum' in shape) return conformEnum(value, shape.enum, place);
  if ('list' in shape) {
    if (isValueList(value))
      return value.map((item, i) => conformValue(item, shape.list, below(place, i)));
    report(place, 'the value is not a list', 'write a list');
    return [];
  }
  if (isValueMap(value)) return conformObject(value, shape, place);
  report(place, 'the value is not an object', `write its properties: ${names(shape)}`);
  return {};
}

const names = ({ of }: ObjectShape): string => Object.keys(of).slice(0, 10).join(', ');

function conformObject(value: ValueMap, shape: ObjectShape, place: Place): ValueMap {
  const absent = (shape.required ?? []).filter(
    (key) => value[key] === undefined && DECIDES.test(key),
  );
  for (const key of absent) {
    report(place, `the required property ${key} is missing`, `give ${key}`);
  }
  const entries = Object.entries(value).map(([key, child]) => {
    const known = Object.hasOwn(shape.of, key) ? shape.of[key] : undefined;
    const at = below(place, key);
    if (known !== undefined) return [key, conformValue(child, known, at)] as const;
    const meant = likely(key, Object.keys(shape.of));
    const fix = meant === undefined ? `use one of ${names(shape)}` : `write ${meant}`;
    report(at, `there is no property ${key}`, fix);
    return [key, child] as const;
  });
  return Object.fromEntries(entries);
}

/** Required properties without which a verdict cannot be made; roles, images and names decide none. */
const DECIDES =
  /^(VpcId|PeerVpcId|SubnetIds?|Subnets|RouteTableId|NetworkAclId|GroupId|GatewayId|IpProtocol|Protocol|RuleAction|RuleNumber|ClusterName|AddonName|ResourcesVpcConfig|TransitGateway\w*|AllocationId|Port|From|To)$/;

function conformScalar(
  value: Value,
  shape: 'string' | 'integer' | 'number' | 'boolean',
  place: Place,
): Value {
  if (!isScalar(value)) {
    report(place, `the value is not ${WORDS[shape]}`, `write ${WORDS[shape]}`);
    return '';
  }
  const text = String(value);
  if (shape === 'string') return value;
  if (shape === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (shape === 'integer' && /^-?\d+$/.test(text)) return Number(text);
  if (shape === 'number' && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  report(place, `'${text}' is not ${WORDS[shape]}`, `write ${WORDS[shape]}`);
  return shape === 'boolean' ? false : 0;
}

const WORDS = {
  string: 'text',
  integer: 'a whole number in digits',
  number: 'a number in digits',
  boolean: 'true or false',
} as const;

function conformEnum(value: Value, allowed: readonly string[], place: Place): Value {
  if (isScalar(value) && allowed.includes(String(value))) return value;
  const text = isScalar(value) ? `'${String(value)}'` : 'the value';
  report(place, `${text} is not an allowed value`, `use one of ${allowed.join(', ')}`);
  return allowed[0] ?? '';
}
