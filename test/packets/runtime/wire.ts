import type { Command } from '../../../lib/dataplane/commands/command';
import { cidr, hostCidr, ip } from '../../../lib/model/address';

/** The address of pod `n` of `podsOn`. */
export const podIp = (n: number) => ip(`10.0.${n >> 8}.${n & 255}`);

const SIDES = { pod: '01', node: '02', uplink: '03', router: '04' } as const;

/** MACs of the two ends of pod `n`'s cable. */
const mac = (n: number, side: keyof typeof SIDES): string => {
  const digits = n.toString(16).padStart(6, '0').match(/../g) ?? [];
  return ['02', '00', SIDES[side], ...digits].join(':');
};

/** Nodes around one router, each with pods of its own block: pods `256 i + 1` and on, on node `i`. */
export function cluster(nodes: number, podsEach: number): readonly Command[] {
  const names = Array.from({ length: nodes }, (_, i) => `node/${i}`);
  const router = 'router';
  return [
    { kind: 'add-netns', netns: router },
    { kind: 'set-sysctl', netns: router, key: 'net/ipv4/ip_forward', value: '1' },
    ...names.flatMap((node, i): readonly Command[] => {
      const [up, down] = [mac(i, 'uplink'), mac(i, 'router')];
      const [own, gateway] = [ip(`192.168.${i}.2`), ip(`192.168.${i}.1`)];
      const [uplink, port] = [
        { netns: node, device: 'uplink' },
        { netns: router, device: `n${i}` },
      ];
      const hop = { kind: 'via', device: port.device, gateway: own, onlink: false } as const;
      return [
        ...podsOn(node, podsEach, 256 * i),
        { kind: 'add-veth', a: { ...uplink, mac: up }, b: { ...port, mac: down }, mtu: 1500 },
        { kind: 'set-link', ...uplink, state: 'up' },
        { kind: 'set-link', ...port, state: 'up' },
        { kind: 'add-address', ...uplink, address: own, prefix: 24 },
        { kind: 'add-address', ...port, address: gateway, prefix: 24 },
        { kind: 'add-neighbour', ...uplink, address: gateway, mac: down },
        { kind: 'add-neighbour', ...port, address: own, mac: up },
        {
          kind: 'add-route',
          netns: node,
          to: cidr('0.0.0.0/0'),
          hop: { kind: 'via', device: 'uplink', gateway, onlink: false },
          table: 254,
        },
        { kind: 'add-route', netns: router, to: cidr(`10.0.${i}.0/24`), hop, table: 254 },
      ];
    }),
  ];
}

/** Pods on one node, wired as the VPC CNI does it, each with listeners on TCP 80 and UDP 53. */
export function podsOn(node: string, count: number, offset = 0): readonly Command[] {
  const gateway = ip('169.254.1.1');
  const all = cidr('0.0.0.0/0');
  const pods = Array.from({ length: count }, (_, i) => offset + i + 1);
  return [
    { kind: 'add-netns', netns: node },
    { kind: 'set-sysctl', netns: node, key: 'net/ipv4/ip_forward', value: '1' },
    ...pods.flatMap((n): readonly Command[] => {
      const netns = `pod/${n}`;
      const link = { netns, device: 'eth0' };
      const host = { netns: node, device: `p${n}` };
      const to = hostCidr(podIp(n));
      return [
        { kind: 'add-netns', netns },
        {
          kind: 'add-veth',
          a: { ...link, mac: mac(n, 'pod') },
          b: { ...host, mac: mac(n, 'node') },
          mtu: 1500,
        },
        { kind: 'set-link', ...link, state: 'up' },
        { kind: 'add-address', ...link, address: podIp(n), prefix: 32 },
        {
          kind: 'add-route',
          netns,
          to: hostCidr(gateway),
          hop: { kind: 'link', device: 'eth0' },
          table: 254,
        },
        {
          kind: 'add-route',
          netns,
          to: all,
          hop: { kind: 'via', device: 'eth0', gateway, onlink: false },
          table: 254,
        },
        { kind: 'add-neighbour', ...link, address: gateway, mac: mac(n, 'node') },
        { kind: 'set-link', ...host, state: 'up' },
        {
          kind: 'add-route',
          netns: node,
          to,
          hop: { kind: 'link', device: host.device },
          table: 254,
        },
        { kind: 'add-neighbour', ...host, address: podIp(n), mac: mac(n, 'pod') },
        {
          kind: 'listen',
          netns,
          listeners: [
            { protocol: 'TCP', port: 80, banner: `pod-${n}` },
            { protocol: 'UDP', port: 53, banner: '' },
          ],
        },
      ];
    }),
  ];
}
