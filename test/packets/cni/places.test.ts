import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { nodeNetns } from '../../../lib/dataplane/commands/names';
import type { PodEndpoint } from '../../../lib/model/world';
import { prove } from '../../../lib/proof/proof';
import { openSandbox } from '../../../lib/runtime/sandbox/sandbox';
import { bringUp } from '../../../lib/targets/local/local';
import { shop } from '../../build/model';
import { vpcWorld } from '../../build/peered-vpcs';
import { describePackets, missingPrograms } from '../kernel';

const plugin = resolve(__dirname, '../../../bin/lab-cni');

const cases = [
  { name: 'routed', world: shop, datapath: 'vpc-cni' },
  { name: 'over VXLAN', world: shop, datapath: 'calico-vxlan' },
  { name: 'on bridges over VXLAN', world: shop, datapath: 'flannel-vxlan' },
  { name: 'by host gateways', world: shop, datapath: 'host-gw' },
  { name: 'in a VPC, with prefixes and branch interfaces', world: vpcWorld, datapath: 'vpc-cni' },
] as const;

/** Containers that serve nothing refuse: a packet that gets through is seen all the same. */
describePackets(
  'every pod is a container',
  () => {
    test.each(cases)('$name: the whole matrix stays as predicted', async ({ world, datapath }) => {
      const folder = mkdtempSync(join(tmpdir(), 'lab-cni-'));
      const socket = join(folder, 'lab.sock');
      const expiresAt = Date.now() + 120_000;
      const sandbox = await openSandbox({ mode: 'background', socket, expiresAt });
      const add = async ({ namespace, name, node }: PodEndpoint) => {
        const id = `${namespace}-${name}`;
        const env = [
          'CNI_COMMAND=ADD',
          `CNI_CONTAINERID=${id}`,
          'CNI_IFNAME=eth0',
          `CNI_NETNS=/run/netns/${id}`,
          `CNI_ARGS=K8S_POD_NAMESPACE=${namespace};K8S_POD_NAME=${name}`,
        ];
        const conf = { cniVersion: '1.1.0', name: 'lab', type: 'lab-cni', lab: socket };
        const stdin = JSON.stringify(conf);
        const script = 'id=$0 && ip netns add $id && exec env "$@"';
        const argv = ['sh', '-c', script, id, ...env, plugin];
        const { code, stdout } = await sandbox.exec(nodeNetns(node), argv, { stdin });
        expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('"ips"') });
      };
      try {
        const local = await bringUp(sandbox, world, { datapath });
        await sandbox.keep();
        const pods = world.pods.filter(({ hostNetwork }) => !hostNetwork);
        for (const pod of pods) await add(pod);
        expect((await sandbox.describe()).containers).toHaveLength(pods.length);
        const { differing, flows } = await prove(local);
        expect(differing).toEqual([]);
        expect(flows).toBeGreaterThan(10);
      } finally {
        await sandbox.end();
        rmSync(folder, { recursive: true });
      }
    });
  },
  missingPrograms('ip'),
);
