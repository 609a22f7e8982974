import { resolve } from 'node:path';
import { readWorld } from '../../lib/read/world';
import type { Sandbox } from '../../lib/runtime/sandbox/sandbox';
import { type CniSaid, type DirectCall, outcomeOf } from './host';

const SHOP = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { nodeName: node-a, containers: [{ name: c, image: x, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: client, namespace: shop }
spec: { nodeName: node-b, containers: [{ name: c, image: x }] }
---
apiVersion: v1
kind: Service
metadata: { name: kube-dns, namespace: kube-system }
spec: { clusterIP: 10.96.0.10, selector: { k8s-app: kube-dns }, ports: [{ name: dns, port: 53, protocol: UDP }] }
---
apiVersion: v1
kind: Pod
metadata: { name: coredns, namespace: kube-system, labels: { k8s-app: kube-dns } }
spec: { nodeName: node-b, containers: [{ name: c, image: x, ports: [{ containerPort: 53, protocol: UDP }] }] }
`;

/** The pods of the lab: web on node-a, client on node-b. */
export function shop() {
  const reading = readWorld({ manifests: [{ path: 'shop.yaml', text: SHOP }] });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems));
  return reading.value;
}

/** A node of a running lab, where a runtime calls the plugin. */
export interface LabNode {
  direct(call?: DirectCall): Promise<string>;
  said(): CniSaid;
  /** Is this container the pod web? */
  isPod(container: string): Promise<boolean>;
}

/** Calls of the row's first container, in place of shop/web on node-a. */
export function labNode(sandbox: Sandbox, socket: string, first: string): LabNode {
  const plugin = resolve(__dirname, '../../bin/lab-cni');
  let said: CniSaid = {};
  return {
    said: () => said,
    async direct({ command = 'ADD', container = first, env = {}, config = {}, stdin } = {}) {
      const usual: Readonly<Record<string, string>> = {
        CNI_COMMAND: command,
        CNI_CONTAINERID: container,
        CNI_NETNS: `/run/netns/${container}`,
        CNI_IFNAME: 'eth0',
        CNI_ARGS: 'IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web',
      };
      const variables = Object.entries({ ...usual, ...env })
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${name}=${value}`);
      const network = {
        cniVersion: '1.1.0',
        name: 'shop',
        type: 'lab-cni',
        lab: socket,
        ...config,
      };
      const argv = ['env', ...variables, plugin];
      const input = { stdin: stdin ?? JSON.stringify(network), timeoutMs: 20_000 };
      const end = await sandbox.exec('node/node-a', argv, input);
      said = end.stdout === '' ? {} : JSON.parse(end.stdout);
      return outcomeOf(end, 'lab-cni');
    },
    async isPod(container) {
      const { containers } = await sandbox.describe();
      return containers.some(({ containerId }) => containerId === container);
    },
  };
}
