import { encode } from 'dns-packet';
import { ip } from '../../../lib/model/address';
import { Failure } from '../../../lib/model/problem';
import { admits, parseFilter } from '../../../lib/runtime/probes/packet-filter';
import { packetLine } from '../../../lib/runtime/probes/packet-text';
import { pcapHeader, pcapRecord } from '../../../lib/runtime/probes/pcap';

const bytes = (...parts: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : part)));

const ethernet = (type: string, body: Buffer) => bytes('020000000001020000000002', type, body);

/** An IPv4 packet from 10.0.0.1 to 10.0.0.2. */
const ip4 = (protocol: number, body: Buffer) => {
  const header = bytes('4500000000000000400000000a0000010a000002');
  header.writeUInt16BE(20 + body.length, 2);
  header.writeUInt8(protocol, 9);
  return ethernet('0800', bytes(header, body));
};
const ip6 = (next: number, body: Buffer) => {
  const header = bytes(
    '600000000000',
    '00',
    '40',
    'fd00',
    '00'.repeat(13),
    '01',
    'fd00',
    '00'.repeat(13),
    '02',
  );
  header.writeUInt16BE(body.length, 4);
  header.writeUInt8(next, 6);
  return ethernet('86dd', bytes(header, body));
};
const udp = (from: number, to: number, data: Buffer) => {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(from, 0);
  header.writeUInt16BE(to, 2);
  return bytes(header, data);
};
const tcp = (flags: string) => bytes('9c400050', '0000000000000000', '50', flags, '000000000000');

const syn = ip4(6, tcp('02'));
const question = encode({ type: 'query', id: 1, questions: [{ name: 'web.shop', type: 'A' }] });
const nxdomain = encode({
  type: 'response',
  id: 1,
  flags: 3,
  questions: [{ name: 'web.shop', type: 'A' }],
});
const found = encode({
  type: 'response',
  id: 1,
  questions: [{ name: 'web', type: 'A' }],
  answers: [{ name: 'web', type: 'A', data: '10.96.0.1' }],
});
const vxlan = udp(40000, 4789, bytes('0800000000002a00', syn));
const arp = bytes('0001080006040001', '020000000001', '0a000001', '000000000000', '0a000002');

describe('a packet in one line', () => {
  test.each`
    frame                                   | line
    ${syn}                                  | ${'IP 10.0.0.1.40000 > 10.0.0.2.80: TCP [S], length 0'}
    ${ip4(6, tcp('14'))}                    | ${'IP 10.0.0.1.40000 > 10.0.0.2.80: TCP [R.], length 0'}
    ${ip4(17, udp(40000, 53, question))}    | ${'IP 10.0.0.1.40000 > 10.0.0.2.53: DNS A? web.shop'}
    ${ip4(17, udp(53, 40000, nxdomain))}    | ${'IP 10.0.0.1.53 > 10.0.0.2.40000: DNS A? web.shop: NXDOMAIN'}
    ${ip4(17, udp(53, 40000, found))}       | ${'IP 10.0.0.1.53 > 10.0.0.2.40000: DNS A? web: 10.96.0.1'}
    ${ip4(17, udp(53, 40000, bytes('00')))} | ${'IP 10.0.0.1.53 > 10.0.0.2.40000: UDP, length 1'}
    ${ip4(17, vxlan)}                       | ${'IP 10.0.0.1.40000 > 10.0.0.2.4789: VXLAN 42, IP 10.0.0.1.40000 > 10.0.0.2.80: TCP [S], length 0'}
    ${ip4(1, bytes('0800000000010001'))}    | ${'IP 10.0.0.1 > 10.0.0.2: ICMP echo request'}
    ${ip4(1, bytes('0303000000000000'))}    | ${'IP 10.0.0.1 > 10.0.0.2: ICMP port unreachable'}
    ${ip6(58, bytes('8100000000010001'))}   | ${'IP6 fd00::1 > fd00::2: ICMP6 echo reply'}
    ${ip4(132, bytes('00'))}                | ${'IP 10.0.0.1 > 10.0.0.2: protocol 132, length 1'}
    ${ethernet('0806', arp)}                | ${'ARP, who has 10.0.0.2? tell 10.0.0.1'}
    ${bytes('0102')}                        | ${'ethertype 0x0, length 2'}
  `('$line', ({ frame, line }) => {
    const captured = {
      time: 0,
      device: 'eth0',
      way: 'out',
      frame: frame.toString('base64'),
    } as const;
    expect(packetLine(captured)).toBe(`00:00:00.000 eth0 Out ${line}`);
  });
});

describe('which packets to show', () => {
  test.each`
    text                                   | filter                                                 | admitsSyn
    ${''}                                  | ${{}}                                                  | ${true}
    ${'tcp'}                               | ${{ protocol: 'TCP' }}                                 | ${true}
    ${'udp port 80'}                       | ${{ protocol: 'UDP', port: 80 }}                       | ${false}
    ${'tcp and port 80 and host 10.0.0.2'} | ${{ protocol: 'TCP', port: 80, host: ip('10.0.0.2') }} | ${true}
    ${'host 10.0.0.3'}                     | ${{ host: ip('10.0.0.3') }}                            | ${false}
    ${'port 81'}                           | ${{ port: 81 }}                                        | ${false}
  `('$text', ({ text, filter, admitsSyn }) => {
    expect(parseFilter(text)).toEqual(filter);
    expect(admits(parseFilter(text), syn)).toBe(admitsSyn);
  });

  test.each(['tcp or udp', 'port 70000', 'host web', 'port', 'ip proto 6'])(
    '%s is refused',
    (text) => {
      expect(() => parseFilter(text)).toThrow(Failure);
    },
  );
});

test('a capture file: header, then records of seconds, microseconds and the frame', () => {
  const record = pcapRecord({
    time: 1500,
    device: 'eth0',
    way: 'in',
    frame: syn.toString('base64'),
  });
  expect(pcapHeader().toString('hex')).toBe('d4c3b2a1020004000000000000000000ffff000001000000');
  expect([0, 4, 8, 12].map((at) => record.readUInt32LE(at))).toEqual([
    1,
    500_000,
    syn.length,
    syn.length,
  ]);
  expect(record.subarray(16)).toEqual(syn);
});
