import { CniError } from '../../../../lib/runtime/cni/spec/error';
import { podNameIn, readLabRequest, startOn } from '../../../../lib/runtime/cni/spec/lab-request';
import { readRequest } from '../../../../lib/runtime/cni/spec/request';

const config = {
  cniVersion: '1.1.0',
  name: 'lab',
  type: 'lab-cni',
  ipam: { pools: ['10.244.0.0/16'] },
};
const env = {
  CNI_COMMAND: 'ADD',
  CNI_CONTAINERID: 'c1',
  CNI_NETNS: '/run/netns/c1',
  CNI_IFNAME: 'eth0',
};
const read = (variables: object, input: unknown) =>
  readRequest(
    { ...env, ...variables },
    typeof input === 'string' ? input : JSON.stringify(input),
    'host-a',
  );

const network = {
  cniVersion: '1.1.0',
  name: 'lab',
  pools: [{ address: '10.244.0.0', prefix: 16 }],
  blockPrefixes: { 4: 26, 6: 122 },
  node: 'host-a',
  mtu: 1500,
  dataDir: '/var/lib/cni/lab',
  dns: {},
  prevResult: undefined,
  exclude: [],
  requested: { addresses: [], mac: undefined },
};
const attachment = { containerId: 'c1', ifname: 'eth0' };
const valid = [{ containerID: 'c1', ifname: 'eth0' }];
/** Go's encoding/json reads keys in any case. */
const folded = [{ containerId: 'c1', IfName: 'eth0' }];
const pools = (...blocks: readonly string[]) => ({ ...config, ipam: { pools: blocks } });
const ipam = (more: object) => ({ ...config, ipam: { pools: ['10.244.0.0/16'], ...more } });
const wide = { ...config, ipam: { pools: ['fd00::/112'] } };

describe('what a runtime asks', () => {
  test.each`
    variables                                    | input                                                           | request
    ${{}}                                        | ${config}                                                       | ${{ kind: 'ADD', network, attachment, netns: '/run/netns/c1' }}
    ${{ CNI_COMMAND: 'CHECK' }}                  | ${config}                                                       | ${{ kind: 'CHECK', network, attachment, netns: '/run/netns/c1' }}
    ${{ CNI_COMMAND: 'DEL', CNI_NETNS: '' }}     | ${config}                                                       | ${{ kind: 'DEL', network, attachment, netns: '' }}
    ${{ CNI_COMMAND: 'STATUS', CNI_IFNAME: '' }} | ${config}                                                       | ${{ kind: 'STATUS', network }}
    ${{ CNI_COMMAND: 'GC' }}                     | ${{ ...config, 'cni.dev/valid-attachments': valid }}            | ${{ kind: 'GC', network, valid: [attachment] }}
    ${{ CNI_COMMAND: 'GC' }}                     | ${{ ...config, 'cni.dev/attachments': [] }}                     | ${{ kind: 'GC', network, valid: [] }}
    ${{ CNI_COMMAND: 'GC' }}                     | ${{ ...config, 'cni.dev/valid-attachments': null }}             | ${{ kind: 'GC', network, valid: [] }}
    ${{ CNI_COMMAND: 'GC' }}                     | ${{ ...config, 'cni.dev/valid-attachments': folded }}           | ${{ kind: 'GC', network, valid: [attachment] }}
    ${{}}                                        | ${{ ...config, MTU: 1400, ipam: { POOLS: ['10.244.0.0/16'] } }} | ${{ kind: 'ADD', network: { ...network, mtu: 1400 }, attachment, netns: '/run/netns/c1' }}
    ${{ CNI_COMMAND: 'VERSION' }}                | ${''}                                                           | ${{ kind: 'VERSION', cniVersion: '1.1.0' }}
    ${{ CNI_COMMAND: 'VERSION' }}                | ${{ cniVersion: '0.2.0' }}                                      | ${{ kind: 'VERSION', cniVersion: '0.2.0' }}
  `('$variables', ({ variables, input, request }) => {
    expect(read(variables, input)).toEqual(request);
  });

  test.each`
    what                                     | variables                                                     | input                                                                                     | code | details
    ${'no JSON'}                             | ${{}}                                                         | ${'{'}                                                                                    | ${6} | ${/JSON/}
    ${'no object'}                           | ${{}}                                                         | ${'[]'}                                                                                   | ${6} | ${/must be a JSON object/}
    ${'an unknown version'}                  | ${{}}                                                         | ${{ ...config, cniVersion: '2.0.0' }}                                                     | ${1} | ${/'2.0.0' must be one of 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0/}
    ${'every wrong variable'}                | ${{ CNI_CONTAINERID: '-', CNI_IFNAME: 'a/b', CNI_NETNS: '' }} | ${config}                                                                                 | ${4} | ${/^CNI_CONTAINERID, CNI_IFNAME, CNI_NETNS$/}
    ${'a name that is too long'}             | ${{ CNI_IFNAME: 'sixteen-chars-xx' }}                         | ${config}                                                                                 | ${4} | ${/^CNI_IFNAME$/}
    ${'an unknown command'}                  | ${{ CNI_COMMAND: 'PUT' }}                                     | ${config}                                                                                 | ${4} | ${/CNI_COMMAND is 'PUT'/}
    ${'every wrong field'}                   | ${{}}                                                         | ${{ ...config, mtu: 5, name: '', ipam: { pools: ['10.0.0.1/8', 'x'], blockPrefix: 99 } }} | ${7} | ${/^name .*mtu.*|ipam.pools/}
    ${'two pools of one family'}             | ${{}}                                                         | ${{ ...config, ipam: { pools: ['10.0.0.0/8', '11.0.0.0/8'] } }}                           | ${7} | ${/one block a family/}
    ${'no pool'}                             | ${{}}                                                         | ${{ ...config, ipam: {} }}                                                                | ${7} | ${/ipam.pools/}
    ${'a version that is missing'}           | ${{}}                                                         | ${{ ...config, cniVersion: undefined }}                                                   | ${1} | ${/'0.1.0'/}
    ${'CHECK before 0.4.0'}                  | ${{ CNI_COMMAND: 'CHECK' }}                                   | ${{ ...config, cniVersion: '0.3.1' }}                                                     | ${1} | ${/0.3.1 has no CHECK/}
    ${'a name of 16 bytes'}                  | ${{ CNI_IFNAME: 'ääääääää' }}                                 | ${config}                                                                                 | ${4} | ${/^CNI_IFNAME$/}
    ${'a fraction'}                          | ${{}}                                                         | ${{ ...config, mtu: 1500.5 }}                                                             | ${7} | ${/^mtu: /}
    ${'an MTU below 1280 with IPv6'}         | ${{}}                                                         | ${{ ...wide, mtu: 1279 }}                                                                 | ${7} | ${/1280 to 65535/}
    ${'a pool for multicast'}                | ${{}}                                                         | ${pools('ff05::/112')}                                                                    | ${7} | ${/overlaps ff00::.8/}
    ${'a pool with the unspecified address'} | ${{}}                                                         | ${pools('::/112')}                                                                        | ${7} | ${/overlaps ::.96/}
    ${'a pool of mapped addresses'}          | ${{}}                                                         | ${pools('::ffff:a00:0/120')}                                                              | ${7} | ${/overlaps ::ffff/}
    ${'a link-local pool'}                   | ${{}}                                                         | ${pools('fe80::/64')}                                                                     | ${7} | ${/overlaps fe80::.10/}
    ${'a pool with the gateway'}             | ${{}}                                                         | ${pools('169.254.1.0/24')}                                                                | ${7} | ${/overlaps 169.254.0.0.16/}
    ${'a pool of this network'}              | ${{}}                                                         | ${pools('0.0.0.0/24')}                                                                    | ${7} | ${/overlaps 0.0.0.0.8/}
    ${'a pool of everything'}                | ${{}}                                                         | ${pools('0.0.0.0/0')}                                                                     | ${7} | ${/overlaps/}
    ${'a loopback pool'}                     | ${{}}                                                         | ${pools('127.1.0.0/16')}                                                                  | ${7} | ${/overlaps 127/}
    ${'a pool of two'}                       | ${{}}                                                         | ${pools('10.0.0.0/31')}                                                                   | ${7} | ${/no address between/}
    ${'an exclusion elsewhere'}              | ${{}}                                                         | ${ipam({ exclude: ['10.9.0.1'] })}                                                        | ${7} | ${/outside the pools/}
    ${'a node that is a number'}             | ${{}}                                                         | ${ipam({ node: 5 })}                                                                      | ${7} | ${/ipam.node: must be a text/}
    ${'another IPAM plugin'}                 | ${{}}                                                         | ${ipam({ type: 'host-local' })}                                                           | ${2} | ${/^ipam.type: "host-local": /}
    ${'routes of an IPAM plugin'}            | ${{}}                                                         | ${ipam({ routes: [] })}                                                                   | ${2} | ${/^ipam.routes: /}
    ${'ipMasq'}                              | ${{}}                                                         | ${{ ...config, ipMasq: true }}                                                            | ${2} | ${/^ipMasq: true/}
    ${'another capability'}                  | ${{}}                                                         | ${{ ...config, runtimeConfig: { ipRanges: [] } }}                                         | ${2} | ${/^runtimeConfig.ipRanges/}
    ${'a requested address that is none'}    | ${{}}                                                         | ${{ ...config, runtimeConfig: { ips: ['x'] } }}                                           | ${7} | ${/^runtimeConfig.ips: 'x'/}
    ${'two of one family'}                   | ${{ CNI_ARGS: 'IP=10.244.0.9' }}                              | ${{ ...config, args: { cni: { ips: ['10.244.0.8'] } } }}                                  | ${7} | ${/at most one address a family/}
    ${'a multicast MAC'}                     | ${{}}                                                         | ${{ ...config, runtimeConfig: { mac: '01:00:00:00:00:01' } }}                             | ${7} | ${/not a unicast MAC/}
    ${'unknown CNI_ARGS'}                    | ${{ CNI_ARGS: 'FOO=1' }}                                      | ${config}                                                                                 | ${4} | ${/'FOO' is not supported/}
    ${'malformed CNI_ARGS'}                  | ${{ CNI_ARGS: 'IgnoreUnknown=1;foo' }}                        | ${config}                                                                                 | ${4} | ${/'foo' must be KEY=VALUE/}
    ${'dns that is a text'}                  | ${{}}                                                         | ${{ ...config, dns: 'foo' }}                                                              | ${7} | ${/^dns: must be an object/}
    ${'nameservers that are a text'}         | ${{}}                                                         | ${{ ...config, dns: { nameservers: '10.0.0.10' } }}                                       | ${7} | ${/^dns.nameservers/}
    ${'a search list of numbers'}            | ${{}}                                                         | ${{ ...config, dns: { search: [5] } }}                                                    | ${7} | ${/^dns.search/}
    ${'prevResult that is a text'}           | ${{}}                                                         | ${{ ...config, prevResult: 'str' }}                                                       | ${7} | ${/^prevResult: must be an object/}
    ${'prevResult with a wrong list'}        | ${{}}                                                         | ${{ ...config, prevResult: { ips: [5] } }}                                                | ${7} | ${/^prevResult.ips/}
    ${'GC with texts'}                       | ${{ CNI_COMMAND: 'GC' }}                                      | ${{ ...config, 'cni.dev/valid-attachments': ['c1/eth0'] }}                                | ${7} | ${/valid-attachments\[0\]: must be an object/}
    ${'GC with an object'}                   | ${{ CNI_COMMAND: 'GC' }}                                      | ${{ ...config, 'cni.dev/valid-attachments': {} }}                                         | ${7} | ${/must be a list/}
    ${'GC without its list'}                 | ${{ CNI_COMMAND: 'GC' }}                                      | ${config}                                                                                 | ${7} | ${/valid-attachments is missing/}
  `('$what is refused with code $code', ({ variables, input, code, details }) => {
    expect.assertions(2);
    try {
      read(variables, input);
    } catch (error) {
      expect(error).toBeInstanceOf(CniError);
      expect(error).toMatchObject({ code, details: expect.stringMatching(details) });
    }
  });
});

describe('what a runtime asks for one container', () => {
  test.each`
    variables                                                         | more                                                                                   | requested
    ${{ CNI_ARGS: 'IP=10.244.0.50' }}                                 | ${{}}                                                                                  | ${{ addresses: ['10.244.0.50'], mac: undefined }}
    ${{ CNI_ARGS: 'IgnoreUnknown=true;FOO=1;MAC=02-00-00-00-00-0A' }} | ${{}}                                                                                  | ${{ addresses: [], mac: '02:00:00:00:00:0a' }}
    ${{}}                                                             | ${{ runtimeConfig: { ips: ['10.244.0.50/24', 'fd00::9'], mac: '02:00:00:00:00:01' } }} | ${{ addresses: ['10.244.0.50', 'fd00::9'], mac: '02:00:00:00:00:01' }}
    ${{}}                                                             | ${{ args: { cni: { ips: ['10.244.0.51'] } } }}                                         | ${{ addresses: ['10.244.0.51'], mac: undefined }}
  `('$variables $more', ({ variables, more, requested }) => {
    expect(read(variables, { ...config, ...more })).toMatchObject({ network: { requested } });
  });
});

describe('what a runtime asks of a lab', () => {
  const lab = { cniVersion: '1.0.0', name: 'shop', type: 'lab-cni', lab: 'k8s-1-pods' };
  const readLab = (config: object) => readLabRequest(env, JSON.stringify(config));

  test('the lab, and nothing of addresses', () => {
    expect(readLab(lab)).toEqual({
      kind: 'ADD',
      network: { cniVersion: '1.0.0', name: 'shop', lab: 'k8s-1-pods', dns: {} },
      attachment,
      netns: '/run/netns/c1',
    });
  });

  test.each`
    config                                                                 | details
    ${{ ...lab, lab: 5 }}                                                  | ${/^lab: the id of a running lab$/}
    ${{ ...lab, name: '!', lab: '' }}                                      | ${/^name '!' must begin with .*; lab: /}
    ${{ ...lab, ipam: { pools: [] } }}                                     | ${/^ipam: the lab gives the addresses/}
    ${{ ...lab, mtu: 1400 }}                                               | ${/^mtu: the lab's data path gives it/}
    ${{ ...lab, runtimeConfig: {}, args: { cni: { ips: ['10.0.0.1'] } } }} | ${/10.0.0.1 is requested/}
  `('$config is refused', ({ config, details }) => {
    expect(() => readLab(config)).toThrow(
      expect.objectContaining({ code: 7, details: expect.stringMatching(details) }),
    );
  });

  test.each`
    args                                                                         | pod
    ${'K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0'}                               | ${{ namespace: 'shop', name: 'web-0' }}
    ${'IgnoreUnknown=1;K8S_POD_NAME=web;K8S_POD_UID=x=y;K8S_POD_NAMESPACE=shop'} | ${{ namespace: 'shop', name: 'web' }}
  `('$args', ({ args, pod }) => {
    expect(podNameIn({ CNI_ARGS: args })).toEqual(pod);
  });

  test.each`
    lab               | command
    ${'k8s-1-pods'}   | ${'lab exec --lab k8s-1-pods node-a -- <runtime>'}
    ${'/tmp/it.sock'} | ${'lab exec node-a -- <runtime>'}
  `('$lab: $command', ({ lab: id, command }) => {
    const request = readLab({ ...lab, lab: id });
    expect('network' in request && startOn(request.network, 'node-a')).toBe(command);
  });

  test.each([undefined, '', 'K8S_POD_NAME=web', 'K8S_POD_NAMESPACE=shop'])(
    'CNI_ARGS %p names no pod',
    (args) => {
      expect(() => podNameIn({ CNI_ARGS: args })).toThrow(expect.objectContaining({ code: 4 }));
    },
  );
});
