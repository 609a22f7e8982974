import { createWriteStream } from 'node:fs';

/** A day of Calico windows: 10 edges between 11 workloads, both ends, each 15 seconds. */
export function* calicoDay(hours: number): Iterable<string> {
  for (let window = 0; window < hours * 240; window += 1) {
    const start = new Date(Date.UTC(2026, 10, 1) + window * 15_000).toISOString();
    for (let edge = 0; edge < 10; edge += 1) {
      for (const reporter of ['Src', 'Dst']) {
        yield JSON.stringify({
          start_time: start,
          end_time: start,
          action: 'Allow',
          source_name: `svc${edge}-6c7d9f8b5d-*`,
          source_namespace: 'big',
          source_labels: '',
          dest_name: `svc${edge + 1}-6c7d9f8b5d-*`,
          dest_namespace: 'big',
          dest_labels: '',
          protocol: 'tcp',
          dest_port: 8080,
          reporter,
          policies: { enforced: [], pending: [] },
        });
      }
    }
  }
}

/**
 * Lines of a VPC flow log, version 2: 110 pods of 11 workloads, requests and replies, ports that nobody
 * declares for every third service, and one line in fifty with one of 20,000 clients outside.
 */
export function* vpcLog(lines: number): Iterable<string> {
  const start = Date.UTC(2026, 10, 1) / 1000;
  for (let i = 0; i < lines / 2; i += 1) {
    const at = start + Math.floor(i / 200);
    const service = i % 10;
    const port = service % 3 === 0 ? 50_051 : 8080;
    const client = 32_768 + ((i * 7919) % 28_000);
    const outside = i % 50 === 0;
    const from = outside
      ? `203.0.${((i / 50) % 80) | 0}.${((i / 4000) | 0) % 250}`
      : `10.1.${service}.${(i % 7) + 10}`;
    const to = `10.1.${service + 1}.${(i % 10) + 10}`;
    const head = '2 123456789010 eni-0a1b2c3d4e5f60001';
    const tail = `6 9 900 ${at} ${at + 60} ACCEPT OK`;
    yield `${head} ${from} ${to} ${client} ${port} ${tail}`;
    yield `${head} ${to} ${from} ${port} ${client} ${tail}`;
  }
}

/** The world of both: 11 workloads of 10 pods with addresses. */
export const manifests = (): object => ({
  apiVersion: 'v1',
  kind: 'List',
  items: Array.from({ length: 110 }, (_, i) => {
    const [service, replica] = [Math.floor(i / 10), i % 10];
    const suffix = `${'bcdfghjklm'[replica]}2222`;
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        namespace: 'big',
        name: `svc${service}-6c7d9f8b5d-${suffix}`,
        labels: { app: `svc${service}`, 'pod-template-hash': '6c7d9f8b5d' },
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'ReplicaSet',
            name: `svc${service}-6c7d9f8b5d`,
            uid: `u${service}`,
            controller: true,
          },
        ],
      },
      spec: {
        nodeName: `n${replica % 3}`,
        containers: [{ name: 'm', image: 'm', ports: [{ containerPort: 8080 }] }],
      },
      status: { phase: 'Running', podIP: `10.1.${service}.${replica + 10}` },
    };
  }),
});

/** Writes lines to a file, without ever holding more than a buffer of them. */
export async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  const out = createWriteStream(path);
  let buffer: string[] = [];
  const flush = async (): Promise<void> => {
    if (!out.write(`${buffer.join('\n')}\n`))
      await new Promise<void>((done) => out.once('drain', () => done()));
    buffer = [];
  };
  for (const line of lines) {
    if (buffer.push(line) >= 5000) await flush();
  }
  if (buffer.length > 0) await flush();
  await new Promise<void>((done) => out.end(() => done()));
}
