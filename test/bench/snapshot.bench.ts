import { readWorld } from '../../lib/read/world';

/** Reading a cluster of 10,000 pods, as documents of YAML and as one JSON list, and a small lab. */
function main(): void {
  const pods = Array.from({ length: 10_000 }, (_, i) => pod(i));
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods });
  report('10,000 pods in YAML', pods.map(toYaml).join('---\n'));
  report('10,000 pods in JSON', list);
  report('a lab of 8 pods in YAML', pods.slice(0, 8).map(toYaml).join('---\n'));
}

const pod = (i: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `pod-${i}`,
    namespace: `ns-${i % 100}`,
    labels: { app: `app-${i % 50}`, tier: 'backend' },
  },
  spec: {
    nodeName: `node-${i % 10}`,
    containers: [{ name: 'main', image: 'nginx', ports: [{ containerPort: 8080, name: 'http' }] }],
  },
});

const toYaml = ({ metadata, spec }: ReturnType<typeof pod>): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${metadata.name}
  namespace: ${metadata.namespace}
  labels:
    app: ${metadata.labels.app}
    tier: ${metadata.labels.tier}
spec:
  nodeName: ${spec.nodeName}
  containers:
    - name: main
      image: nginx
      ports:
        - containerPort: 8080
          name: http
`;

function report(what: string, text: string): void {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    const { kind } = readWorld({ manifests: [{ path: 'bench.yaml', text }] });
    if (kind !== 'read') throw new Error(`${what} was not read`);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const median = times[2] ?? 0;
  const rate = text.length / 1e6 / (median / 1000);
  const memory = process.resourceUsage().maxRSS / 1024;
  console.log(
    `snapshot: ${what}: ${median.toFixed(1)} ms (${rate.toFixed(1)} MB/s, ${memory.toFixed(0)} MB at most)`,
  );
}

main();
