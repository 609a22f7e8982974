import { type Cidr, familyOf, networkOf, parseCidr, parseIp } from '../../model/address';

/**
 * A block as EC2 takes it: host bits are set to zero (EC2 API, CreateRoute and
 * AuthorizeSecurityGroupIngress: "we modify the specified CIDR block to its canonical form").
 */
export function parseBlock(
  text: string,
): Cidr | { readonly problem: string; readonly fix: string } {
  const [head = '', tail = ''] = text.split('/');
  const address = parseIp(head);
  const bits = address === undefined || familyOf(address) === 4 ? 32 : 128;
  if (address === undefined || !/^\d{1,3}$/.test(tail) || Number(tail) > bits)
    return parseCidr(text);
  return parseCidr(`${networkOf(address, Number(tail))}/${tail}`);
}
