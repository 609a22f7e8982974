import { stringify } from 'yaml';
import { stagesOf, synthesizeStage } from '../../charts';
import lab from '../../labs/gov-1-kyverno/lab';
import { manifestsIn } from '../labs/lab-worlds';
import { describeUnless } from '../skip';
import { admit } from './apply';

const withKyverno = describeUnless(process.env.NO_KYVERNO);

const admissions = lab.steps.flatMap(({ id, checks, solution }) =>
  checks.flatMap((check) =>
    check.kind === 'admission' && solution.kind === 'stage'
      ? [{ step: id, stage: solution.stage, check }]
      : [],
  ),
);

const namespace = (name: string): string =>
  stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

const pod = (labels: Readonly<Record<string, string>>): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'team', labels },
    spec: {
      containers: [
        {
          name: 'p',
          image: 'registry.k8s.io/pause:3.10',
          resources: { requests: { cpu: '1m', memory: '1Mi' }, limits: { memory: '1Mi' } },
        },
      ],
    },
  });

// The rule about signatures asks a registry: it is tried in a cluster.
withKyverno("Kyverno's own engine, asked what gov-1-kyverno teaches", () => {
  test.each(admissions)('step $step: $check.expect.kind', ({ stage, check }) => {
    const before = admit(lab.start ?? '', check.manifest);
    expect(before.refused).toEqual([]);
    const { refused } = admit(stage, check.manifest);
    if (check.expect.kind === 'accepted') expect(refused).toEqual([]);
    else expect(refused).toEqual([expect.stringContaining(check.expect.message)]);
  });

  test('there is something to refuse and something to accept', () => {
    const kinds = admissions.map(({ check }) => check.expect.kind);
    expect([...new Set(kinds)].sort()).toEqual(['accepted', 'refused']);
  });

  test.each(stagesOf('gov-1-kyverno'))("stage %s lets the lab's own workloads in", (stage) => {
    const own = manifestsIn(synthesizeStage('gov-1-kyverno', stage, 'alone')).filter(
      ({ kind }) => kind === 'Deployment',
    );
    expect(own.length).toBeGreaterThan(0);
    for (const object of own) expect(admit(stage, stringify(object)).refused).toEqual([]);
  });

  test("a new namespace gets its default deny, one of the system's does not", () => {
    const { made } = admit('generate', namespace('fresh'));
    expect(made).toMatchObject([
      {
        kind: 'NetworkPolicy',
        metadata: { name: 'default-deny', namespace: 'fresh' },
        spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
      },
    ]);
    expect(admit('validate', namespace('fresh')).made).toEqual([]);
    expect(admit('generate', namespace('kube-extra')).made).toEqual([]);
  });

  test("a pod without an owner gets its namespace's name, one with an owner keeps it", () => {
    const ownerOf = (labels: Readonly<Record<string, string>>) =>
      admit('mutate', pod(labels)).made.map(({ metadata }) => metadata.labels?.owner);
    expect(ownerOf({})).toEqual(['team']);
    expect(ownerOf({ owner: 'somebody' })).not.toContain('team');
  });
});
