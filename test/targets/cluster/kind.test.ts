import { checkTools, kindConfig, kindDown, kindUp } from '../../../lib/targets/cluster/kind';
import { type Run, type RunResult, runProgram } from '../../../lib/targets/cluster/run';
import { type FakeApi, type Stored, startApi } from './api-server';

const fine = (stdout = ''): RunResult => ({ code: 0, stdout, stderr: '' });
const clock = { now: () => 0, sleep: async () => undefined };

/** Programs that do nothing but remember how they were started. */
function recorder(answers: Readonly<Record<string, string>>) {
  const started: string[] = [];
  const run: Run = async (file, args, stdin) => {
    const line = [file, ...args].join(' ');
    started.push(stdin === undefined ? line : `${line} < ${stdin}`);
    return fine(answers[line] ?? '');
  };
  return { run, started };
}

test('every tool that is missing is named at once, with what to do', async () => {
  const run: Run = async (file) => (file === 'kubectl' ? fine() : { ...fine(), code: -1 });
  await expect(checkTools(run)).rejects.toMatchObject({
    code: 'kind-tools',
    problem: 'the kind target needs docker, kind',
    fix: expect.stringMatching(/install Docker.*install kind/),
  });
});

test('nodes without a network plugin of their own: the lab brings Calico', () => {
  expect(kindConfig({ workers: 2 })).toEqual({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    nodes: [{ role: 'control-plane' }, { role: 'worker' }, { role: 'worker' }],
    networking: { disableDefaultCNI: true, podSubnet: '192.168.0.0/16' },
  });
});

describe('bringing one up', () => {
  let api: FakeApi;
  const lab = 'k8s-5-network-policy';
  const name = `lab-${lab}`;

  beforeEach(async () => {
    api = await startApi();
    for (const status of ['calico', 'apiserver']) {
      const object: Stored = {
        kind: 'TigeraStatus',
        metadata: { name: status },
        status: { conditions: [{ type: 'Available', status: 'True' }] },
      };
      api.objects.set(`/apis/operator.tigera.io/v1/tigerastatuses/${status}`, object);
    }
  });
  afterEach(() => api.stop());

  const up = (run: Run, calico: string) =>
    kindUp({ lab, workers: 1, calico, run, clock, onEvent: () => undefined });

  test('nodes, then the operator, then what it is to install', async () => {
    const { run, started } = recorder({ [`kind get kubeconfig --name ${name}`]: api.kubeconfig });
    await up(run, 'v3.31.7');
    const base = 'https://raw.githubusercontent.com/projectcalico/calico/v3.31.7/manifests';
    const config = JSON.stringify(kindConfig({ workers: 1 }));
    expect(started.slice(3)).toEqual([
      'kind get clusters',
      `kind create cluster --name ${name} --config - < ${config}`,
      `kubectl --context kind-${name} apply --server-side --force-conflicts -f ${base}/tigera-operator.yaml`,
      `kind get kubeconfig --name ${name}`,
    ]);
    expect(api.objects.get('/apis/operator.tigera.io/v1/installations/default')).toMatchObject({
      spec: { calicoNetwork: { ipPools: [{ cidr: '192.168.0.0/16' }] } },
    });
  });

  test('a cluster that is there is used; since 3.32 the definitions come first', async () => {
    const { run, started } = recorder({
      'kind get clusters': `other\n${name}\n`,
      [`kind get kubeconfig --name ${name}`]: api.kubeconfig,
    });
    await up(run, 'v3.32.1');
    expect(started.filter((line) => line.includes('create cluster'))).toEqual([]);
    expect(
      started.filter((line) => line.includes('apply')).map((l) => l.split('/').at(-1)),
    ).toEqual(['operator-crds.yaml', 'tigera-operator.yaml']);
  });

  test('down removes the cluster of the lab by its own name', async () => {
    const { run, started } = recorder({});
    await kindDown(lab, run);
    expect(started).toEqual([`kind delete cluster --name ${name}`]);
  });
});

test('a program gets its arguments and input as they are, and one that is not there is an answer', async () => {
  expect(await runProgram('cat', ['-'], '$(no shell)')).toEqual(fine('$(no shell)'));
  expect(await runProgram('no-such-program', [])).toMatchObject({ code: -1 });
});
