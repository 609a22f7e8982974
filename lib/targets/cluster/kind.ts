import type { KubernetesObject } from '@kubernetes/client-node';
import type { Clock } from '../../model/clock';
import { Failure } from '../../model/problem';
import { applyObject } from './apply';
import { type Cluster, openCluster } from './cluster';
import { type Poll, poll } from './poll';
import type { Run } from './run';

/** A cluster of containers on this machine. */
export interface KindOptions {
  readonly lab: string;
  /** Worker nodes beside the control plane, 1 to 5: two show what crosses a node and what does not. */
  readonly workers: number;
  /** Calico release, `v3.31.7`; its operator's CRDs are in a file of their own since 3.32. */
  readonly calico: string;
  readonly run: Run;
  readonly clock: Clock;
  readonly onEvent: (text: string) => void;
}

/** Name of a lab's kind cluster. */
export const kindName = (lab: string): string => `lab-${lab}`;

/** What the kind target needs on the machine, and what to do about each. */
const TOOLS = [
  {
    tool: 'docker',
    args: ['info', '--format', '{{.ServerVersion}}'],
    fix: 'install Docker and start it; your user must be allowed to use it',
  },
  { tool: 'kind', args: ['version'], fix: 'install kind: https://kind.sigs.k8s.io' },
  {
    tool: 'kubectl',
    args: ['version', '--client'],
    fix: 'install kubectl: https://kubernetes.io/docs/tasks/tools',
  },
] as const;

/** Tries every tool that the kind target needs; one failure names all that are missing. */
export async function checkTools(run: Run): Promise<void> {
  const tried = await Promise.all(
    TOOLS.map(async ({ tool, args, fix }) => ({ tool, fix, ended: await run(tool, args) })),
  );
  const missing = tried.filter(({ ended }) => ended.code !== 0);
  if (missing.length === 0) return;
  const problem = `the kind target needs ${missing.map(({ tool }) => tool).join(', ')}`;
  throw new Failure('kind-tools', problem, missing.map(({ fix }) => fix).join('; '));
}

/** kind's own configuration: nodes, and no network plugin, since the lab brings Calico. */
export const kindConfig = ({ workers }: Pick<KindOptions, 'workers'>): object => ({
  kind: 'Cluster',
  apiVersion: 'kind.x-k8s.io/v1alpha4',
  nodes: [
    { role: 'control-plane' },
    ...Array.from({ length: workers }, () => ({ role: 'worker' })),
  ],
  networking: { disableDefaultCNI: true, podSubnet: POD_BLOCK },
});

/** Calico's default pool, said once for both. */
const POD_BLOCK = '192.168.0.0/16';

/** Starts the lab's cluster, or finds it running, with Calico enforcing in it. */
export async function kindUp(options: KindOptions): Promise<Cluster> {
  const { lab, run, clock, onEvent } = options;
  await checkTools(run);
  const name = kindName(lab);
  const clusters = await must(run, 'kind', ['get', 'clusters']);
  if (!clusters.split('\n').includes(name)) {
    onEvent('starting the nodes');
    const config = JSON.stringify(kindConfig(options));
    await must(run, 'kind', ['create', 'cluster', '--name', name, '--config', '-'], config);
  }
  onEvent(`installing Calico ${options.calico}`);
  for (const file of operatorFiles(options.calico)) {
    const context = ['--context', `kind-${name}`];
    await must(run, 'kubectl', [
      ...context,
      'apply',
      '--server-side',
      '--force-conflicts',
      '-f',
      file,
    ]);
  }
  const text = await must(run, 'kind', ['get', 'kubeconfig', '--name', name]);
  const cluster = openCluster({ kind: 'kubeconfig', text });
  for (const object of INSTALLATION) await applyObject(cluster, object, { clock });
  await waitForCalico(cluster, options);
  return cluster;
}

/** Removes the lab's cluster; a cluster that does not exist is not an error. */
export async function kindDown(lab: string, run: Run): Promise<void> {
  await must(run, 'kind', ['delete', 'cluster', '--name', kindName(lab)]);
}

/** Where Calico's operator is installed from (docs.tigera.io: install on kind). */
function operatorFiles(release: string): readonly string[] {
  const base = `https://raw.githubusercontent.com/projectcalico/calico/${release}/manifests`;
  const minor = Number(release.split('.')[1] ?? 0);
  const crds = minor >= 32 ? [`${base}/operator-crds.yaml`] : [];
  return [...crds, `${base}/tigera-operator.yaml`];
}

type Custom = KubernetesObject & { readonly spec: object };

const INSTALLATION: readonly Custom[] = [
  {
    apiVersion: 'operator.tigera.io/v1',
    kind: 'Installation',
    metadata: { name: 'default' },
    spec: { calicoNetwork: { ipPools: [{ cidr: POD_BLOCK, encapsulation: 'VXLANCrossSubnet' }] } },
  },
  {
    apiVersion: 'operator.tigera.io/v1',
    kind: 'APIServer',
    metadata: { name: 'default' },
    spec: {},
  },
];

/**
 * Waits until the operator says that Calico and its API server are available
 * (operator.tigera.io/v1 TigeraStatus); without the latter no projectcalico.org/v3 object is taken.
 */
async function waitForCalico({ api }: Cluster, { clock, onEvent }: KindOptions): Promise<void> {
  const ask = async (): Promise<Poll<void>> => {
    const waiting: string[] = [];
    for (const name of ['calico', 'apiserver']) {
      const header = {
        apiVersion: 'operator.tigera.io/v1',
        kind: 'TigeraStatus',
        metadata: { name },
      };
      const status = (await api.read(header).catch(() => undefined)) as Conditioned | undefined;
      const ready = status?.status?.conditions?.some(
        (condition) => condition.type === 'Available' && condition.status === 'True',
      );
      if (ready !== true) waiting.push(name);
    }
    return waiting.length === 0
      ? { kind: 'done', value: undefined }
      : { kind: 'waiting', for: `${waiting.join(' and ')} of Calico` };
  };
  const options = { clock, deadlineMs: 600_000, pauseMs: 3_000 };
  const answer = await poll(ask, {
    ...options,
    onWait: (reason) => onEvent(`waiting for ${reason}`),
  });
  if (answer.kind === 'done') return;
  const fix = 'kubectl get tigerastatus shows why; images are pulled from quay.io';
  throw new Failure('calico-timeout', `not available: ${answer.for}`, fix);
}

interface Conditioned {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

async function must(
  run: Run,
  file: string,
  args: readonly string[],
  stdin?: string,
): Promise<string> {
  const { code, stdout, stderr } = await run(file, args, stdin);
  if (code === 0) return stdout;
  const said = stderr.trim().split('\n').slice(-3).join(' ');
  const problem = `${file} ${args.slice(0, 3).join(' ')} failed: ${said}`;
  throw new Failure('kind-failed', problem, 'lab down --target kind, then try again');
}
