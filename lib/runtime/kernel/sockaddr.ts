import { bitsOf, familyOf, type Ip } from '../../model/address';
import { AF } from './libc';

/** The bytes of an address in network order: 4 or 16 of them. */
export function addressBytes(address: Ip): Buffer {
  if (familyOf(address) === 4) return Buffer.from(address.split('.').map(Number));
  return Buffer.from(bitsOf(address).toString(16).padStart(32, '0'), 'hex');
}

/** The bytes of a MAC such as `02:00:00:00:00:01`. */
export function macBytes(mac: string): Buffer {
  const bytes = Buffer.from(mac.replaceAll(':', ''), 'hex');
  if (bytes.length !== 6) throw new Error(`'${mac}' is not a MAC address`);
  return bytes;
}

/** The kernel's number for the address's family. */
export const kernelFamily = (address: Ip): number => (familyOf(address) === 4 ? AF.INET : AF.INET6);

/** A `sockaddr_in` or `sockaddr_in6`. */
export function sockaddr(address: Ip, port: number): Buffer {
  const bytes = addressBytes(address);
  const result = Buffer.alloc(bytes.length === 4 ? 16 : 28);
  result.writeUInt16LE(kernelFamily(address), 0);
  result.writeUInt16BE(port, 2);
  bytes.copy(result, bytes.length === 4 ? 4 : 8);
  return result;
}
