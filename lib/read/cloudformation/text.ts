import { familyOf, formatCidr, ipFromBits, parseCidr, rangeOf } from '../../model/address';
import { type Place, regionOf, report, UNKNOWN_REGION } from './scope';
import {
  firstUnknown,
  isScalar,
  isUnknown,
  isValueList,
  joined,
  type UnknownValue,
  unknown,
  type Value,
} from './value';

/** Zones a region is taken to have; `Fn::GetAZs` answers this many. */
const ZONE_LETTERS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** The functions on text and lists, their arguments already resolved. */
export function callText(name: string, argument: Value, place: Place): Value {
  if (isUnknown(argument) && name === 'Fn::GetAZs') return zonesOf('', place);
  if (isUnknown(argument)) return unknown(argument.unknown);
  const list = isValueList(argument) ? argument : [argument];
  switch (name) {
    case 'Fn::Join':
      return join(list, place);
    case 'Fn::Split':
      return split(list, place);
    case 'Fn::Select':
      return select(list, place);
    case 'Fn::Cidr':
      return cutCidr(list, place);
    case 'Fn::GetAZs':
      return zonesOf(argument, place);
    case 'Fn::Length':
      return isValueList(argument) ? argument.length : misused(place, name, 'give it a list');
    case 'Fn::ToJsonString':
      return hasUnknown(argument) ? unknown(name) : JSON.stringify(argument);
    case 'Fn::Base64':
      return firstUnknown(list) ?? unknown(name);
    default:
      return misused(
        place,
        `'${name}' is not a function that is known`,
        'use a CloudFormation function',
      );
  }
}

const hasUnknown = (value: Value): boolean =>
  isUnknown(value) ||
  (typeof value === 'object' &&
    value !== null &&
    Object.values(value).some((one) => hasUnknown(one as Value)));

/** A function that CloudFormation refuses: reported, and without a value. */
function misused(place: Place, problem: string, fix: string): UnknownValue {
  report(place, problem, fix);
  return unknown(problem);
}

function join([delimiter = '', parts = null]: readonly Value[], place: Place): Value {
  if (isUnknown(parts)) return unknown(parts.unknown);
  const fix = 'write [delimiter, [text, …]]';
  if (!isValueList(parts)) return misused(place, 'Fn::Join does not get a list', fix);
  const text = parts.every((part) => isUnknown(part) || isScalar(part));
  if (!text) return misused(place, 'Fn::Join gets a list in its list', fix);
  return joined(parts, String(delimiter));
}

function split([delimiter, text]: readonly Value[], place: Place): Value {
  if (isUnknown(text)) return unknown(text.unknown);
  const fix = 'write [delimiter, text]';
  if (!isScalar(text) || delimiter === undefined)
    return misused(place, 'Fn::Split does not get text', fix);
  return String(text).split(String(delimiter));
}

function select([index, from]: readonly Value[], place: Place): Value {
  if (isUnknown(from)) return unknown(from.unknown);
  if (isUnknown(index)) return unknown(index.unknown);
  if (!/^\d+$/.test(String(index)))
    return misused(place, `Fn::Select asks for item '${String(index)}'`, 'count from 0');
  const items = isValueList(from) ? from : [];
  const found = items[Number(index)];
  if (found !== undefined) return found;
  return misused(
    place,
    `Fn::Select asks for item ${String(index)} of ${items.length}`,
    'count from 0',
  );
}

/**
 * `[block, count, bits]`: the first blocks of `bits` host bits inside a block
 * (CloudFormation: Fn::Cidr; bits is the inverse of the prefix: 8 gives a /24).
 */
function cutCidr(argument: readonly Value[], place: Place): Value {
  const missing: UnknownValue | undefined = firstUnknown(argument);
  if (missing !== undefined) return missing;
  const [text, count, bits = 8] = argument;
  const block = parseCidr(String(text));
  if ('problem' in block) {
    report(place, block.problem, block.fix);
    return unknown('Fn::Cidr');
  }
  const family = familyOf(block.address);
  const [first, last] = rangeOf(block);
  const width = family === 4 ? 32 : 128;
  const isWhole = isCount(count, 256) && isCount(bits, width);
  const wanted = isWhole ? Number(count) : 0;
  const size = 1n << BigInt(isWhole ? Number(bits) : 0);
  if (wanted === 0 || first + size * BigInt(wanted) - 1n > last) {
    report(
      place,
      `${String(text)} does not hold ${String(count)} blocks of ${String(bits)} bits`,
      'ask for fewer or smaller blocks',
    );
    return unknown('Fn::Cidr');
  }
  const prefix = width - Number(bits);
  return Array.from({ length: wanted }, (_, i) =>
    formatCidr({ address: ipFromBits(first + size * BigInt(i), family), prefix }),
  );
}

/** Whether an argument is a whole number from 1 to the most. */
const isCount = (value: Value | undefined, most: number): boolean =>
  /^\d{1,3}$/.test(String(value)) && Number(value) >= 1 && Number(value) <= most;

function zonesOf(region: Value, place: Place): Value {
  const own = regionOf(place.scope.stack) ?? UNKNOWN_REGION;
  const named = typeof region === 'string' && region !== '' ? region : own;
  return ZONE_LETTERS.map((letter) => `${named}${letter}`);
}
