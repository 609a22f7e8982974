import { CniError } from '../../lib/cni/cni-error';
import { podNameIn, readLabRequest, startOn } from '../../lib/cni/lab-request';
import { readRequest } from '../../lib/cni/request';

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
};
const attachment = { containerId: 'c1', ifname: 'eth0' };
const valid = [{ containerID: 'c1', ifname: 'eth0' }];

describe('what a runtime asks', () => {
  test.each`
    variables                                    | input                                                | request
    ${{}}                                        | ${config}                                            | ${{ kind: 'ADD', network, attachment, netns: '/run/netns/c1' }}
    ${{ CNI_COMMAND: 'CHECK' }}                  | ${config}                                            | ${{ kind: 'CHECK', network, attachment, netns: '/run/netns/c1' }}
    ${{ CNI_COMMAND: 'DEL', CNI_NETNS: '' }}     | ${config}                                            | ${{ kind: 'DEL', network, attachment }}
    ${{ CNI_COMMAND: 'STATUS', CNI_IFNAME: '' }} | ${config}                                            | ${{ kind: 'STATUS', network }}
    ${{ CNI_COMMAND: 'GC' }}                     | ${{ ...config, 'cni.dev/valid-attachments': valid }} | ${{ kind: 'GC', network, valid: [attachment] }}
    ${{ CNI_COMMAND: 'GC' }}                     | ${{ ...config, 'cni.dev/attachments': [] }}          | ${{ kind: 'GC', network, valid: [] }}
    ${{ CNI_COMMAND: 'VERSION' }}                | ${{ cniVersion: '0.2.0' }}                           | ${{ kind: 'VERSION', cniVersion: '0.2.0' }}
  `('$variables', ({ variables, input, request }) => {
    expect(read(variables, input)).toEqual(request);
  });

  test.each`
    what                         | variables                                                     | input                                                                                     | code | details
    ${'no JSON'}                 | ${{}}                                                         | ${'{'}                                                                                    | ${6} | ${/JSON/}
    ${'no object'}               | ${{}}                                                         | ${'[]'}                                                                                   | ${6} | ${/no JSON object/}
    ${'an unknown version'}      | ${{}}                                                         | ${{ ...config, cniVersion: '2.0.0' }}                                                     | ${1} | ${/'2.0.0' is none of 0.4.0, 1.0.0, 1.1.0/}
    ${'every wrong variable'}    | ${{ CNI_CONTAINERID: '-', CNI_IFNAME: 'a/b', CNI_NETNS: '' }} | ${config}                                                                                 | ${4} | ${/^CNI_CONTAINERID, CNI_IFNAME, CNI_NETNS$/}
    ${'a name that is too long'} | ${{ CNI_IFNAME: 'sixteen-chars-xx' }}                         | ${config}                                                                                 | ${4} | ${/^CNI_IFNAME$/}
    ${'an unknown command'}      | ${{ CNI_COMMAND: 'PUT' }}                                     | ${config}                                                                                 | ${4} | ${/CNI_COMMAND is 'PUT'/}
    ${'every wrong field'}       | ${{}}                                                         | ${{ ...config, mtu: 5, name: '', ipam: { pools: ['10.0.0.1/8', 'x'], blockPrefix: 99 } }} | ${7} | ${/^name .*mtu.*|ipam.pools/}
    ${'two pools of one family'} | ${{}}                                                         | ${{ ...config, ipam: { pools: ['10.0.0.0/8', '11.0.0.0/8'] } }}                           | ${7} | ${/one block a family/}
    ${'no pool'}                 | ${{}}                                                         | ${{ ...config, ipam: {} }}                                                                | ${7} | ${/ipam.pools/}
    ${'GC without its list'}     | ${{ CNI_COMMAND: 'GC' }}                                      | ${config}                                                                                 | ${7} | ${/valid-attachments is missing/}
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
    config                             | details
    ${{ ...lab, lab: 5 }}              | ${/^lab: the id of a running lab$/}
    ${{ ...lab, name: '!', lab: '' }}  | ${/^name '!' is no network name; lab: /}
    ${{ ...lab, ipam: { pools: [] } }} | ${/^ipam: the lab gives the addresses/}
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
