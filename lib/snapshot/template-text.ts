import { familyOf, formatCidr, ipFromBits, parseCidr, rangeOf } from '../model/address';
import { type Place, report } from './template-scope';
import {
  firstUnknown,
  isUnknown,
  isValueList,
  type UnknownValue,
  unknown,
  type Value,
} from './template-value';

/** Zones a region is taken to have; `Fn::GetAZs` answers this many. */
const ZONE_LETTERS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** The functions on text and lists, their arguments already resolved. */
export function callText(name: string, argument: Value, place: Place): Value {
  if (isUnknown(argument)) return argument;
  const list = isValueList(argument) ? argument : [argument];
  switch (name) {
    case 'Fn::Join':
      return join(list);
    case 'Fn::Split':
      return split(list);
    case 'Fn::Select':
      return select(list, place);
    case 'Fn::Cidr':
      return cutCidr(list, place);
    case 'Fn::GetAZs':
      return zonesOf(argument, place);
    case 'Fn::Length':
      return isValueList(argument) ? argument.length : unknown('Fn::Length');
    case 'Fn::Base64':
    case 'Fn::ToJsonString':
      return firstUnknown(list) ?? unknown(name);
    default:
      report(place, `'${name}' is no function that is known`, 'use a CloudFormation function');
      return unknown(name);
  }
}

function join([delimiter, parts]: readonly Value[]): Value {
  if (isUnknown(parts)) return parts;
  const values = isValueList(parts) ? parts : [];
  return firstUnknown(values) ?? values.map(String).join(String(delimiter));
}

function split([delimiter, text]: readonly Value[]): Value {
  if (isUnknown(text)) return text;
  return String(text).split(String(delimiter));
}

function select([index, from]: readonly Value[], place: Place): Value {
  if (isUnknown(from)) return from;
  if (isUnknown(index)) return index;
  const items = isValueList(from) ? from : [];
  const found = items[Number(index)];
  if (found !== undefined) return found;
  report(place, `Fn::Select asks for item ${String(index)} of ${items.length}`, 'count from 0');
  return unknown('Fn::Select');
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
  const size = 1n << BigInt(Number(bits));
  const wanted = Number(count);
  if (!(wanted >= 1 && wanted <= 256) || first + size * BigInt(wanted) - 1n > last) {
    report(
      place,
      `${String(text)} does not hold ${String(count)} blocks of ${String(bits)} bits`,
      'ask for fewer or smaller blocks',
    );
    return unknown('Fn::Cidr');
  }
  const prefix = (family === 4 ? 32 : 128) - Number(bits);
  return Array.from({ length: wanted }, (_, i) =>
    formatCidr({ address: ipFromBits(first + size * BigInt(i), family), prefix }),
  );
}

function zonesOf(region: Value, place: Place): Value {
  const named = typeof region === 'string' && region !== '' ? region : place.scope.assembly.region;
  return ZONE_LETTERS.map((letter) => `${named}${letter}`);
}
