import { lint } from '../../lib/lint/lint';
import { readWorld } from '../../lib/read/world';

/** What is wrong in a cluster of 10,000 pods in 100 namespaces, under 1,000 policies. */
function main(): void {
  const items = [
    ...Array.from({ length: 10_000 }, (_, i) => pod(i)),
    ...Array.from({ length: 1000 }, (_, i) => policy(i)),
  ];
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const reading = readWorld({ manifests: [{ path: 'bench.json', text }] });
  if (reading.kind === 'problems') throw new Error('the bench does not read');
  const times = Array.from({ length: 3 }, () => {
    const start = performance.now();
    lint(reading.value);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const memory = process.resourceUsage().maxRSS / 1024;
  console.log(
    `lint: 10,000 pods, 1,000 policies: ${((times[1] ?? 0) / 1000).toFixed(1)} s (${memory.toFixed(0)} MB at most)`,
  );
}

const pod = (i: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `pod-${i}`,
    namespace: `ns-${i % 100}`,
    labels: { app: `app-${Math.floor(i / 100) % 5}`, tier: `t${i % 3}` },
  },
  spec: { containers: [{ name: 'main', ports: [{ containerPort: 80, name: 'http' }] }] },
});

const policy = (i: number) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: `np-${i}`, namespace: `ns-${i % 100}` },
  spec: {
    podSelector: { matchLabels: { app: `app-${i % 5}` } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      {
        from: [{ podSelector: { matchLabels: { app: `app-${(i + 1) % 5}` } } }],
        ports: [{ port: 80 }],
      },
    ],
    egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: 'UDP' }] }],
  },
});

main();
