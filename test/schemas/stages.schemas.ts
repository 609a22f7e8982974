import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartedLabs, stagesOf, synthesizeStage } from '../../charts';
import { describeUnless } from '../skip';
import { type ManifestFile, refusals } from './ask';

const missing = [process.env.NO_VALIDATOR, process.env.NO_DEFINITIONS].filter(
  (reason) => reason !== undefined,
);
const withSchemas = describeUnless(missing.length === 0 ? undefined : missing.join('; '));
const golden = join(__dirname, '../golden/charts');

/** What `npx cdk8s synth` writes for one stage. */
const stageFile = (lab: string, stage: string): ManifestFile => ({
  path: `dist/${lab}/${stage}.k8s.yaml`,
  text: synthesizeStage(lab, stage, 'alone'),
});

const goldenFiles = (): readonly ManifestFile[] =>
  readdirSync(golden, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .map((path) => ({ path, text: readFileSync(join(golden, path), 'utf8') }));

withSchemas('strict schemas', () => {
  test('accept every stage of every lab', () => {
    const files = chartedLabs.flatMap((lab) => stagesOf(lab).map((name) => stageFile(lab, name)));
    expect(files.length).toBeGreaterThan(100);
    expect(refusals(files)).toEqual([]);
  });

  test("accept every golden chart, the cluster's own objects included", () => {
    const files = goldenFiles();
    expect(files.length).toBeGreaterThan(100);
    expect(refusals(files)).toEqual([]);
  });

  test.each`
    lab                       | stage            | from                        | to                         | refusal
    ${'k8s-5-network-policy'} | ${'app'}         | ${'podSelector: {}'}        | ${'podSelektor: {}'}       | ${"NetworkPolicy shop/default-deny: spec: 'podSelector' is a required property (Kubernetes 1.33)"}
    ${'k8s-5-network-policy'} | ${'app'}         | ${'policyTypes:'}           | ${'policyType:'}           | ${"NetworkPolicy shop/default-deny: spec: Additional properties are not allowed ('policyType' was unexpected) (Kubernetes 1.33)"}
    ${'k8s-5-network-policy'} | ${'app'}         | ${'replicas: 1'}            | ${'replicas: "1"'}         | ${"Deployment shop/db: spec.replicas: '1' is not of type 'integer', 'null' (Kubernetes 1.33)"}
    ${'k8s-5-network-policy'} | ${'app'}         | ${'app: db'}                | ${'app: on'}               | ${"Deployment shop/db: spec.selector.matchLabels.app: True is not of type 'string', 'null' (Kubernetes 1.33)"}
    ${'calico-2-order'}       | ${'deny-before'} | ${'selector: '}             | ${'selectors: '}           | ${"NetworkPolicy shop/deny-red: spec.ingress[0].source: Additional properties are not allowed ('selectors' was unexpected) (its definition)"}
    ${'calico-2-order'}       | ${'end-of-tier'} | ${'kind: Tier'}             | ${'kind: Layer'}           | ${'Layer security: kind: no schema (none)'}
    ${'zt-2-audit'}           | ${'draft'}       | ${'stagedAction: Set'}      | ${'stagedAction: Sit'}     | ${"StagedNetworkPolicy shop/default-deny: spec.stagedAction: 'Sit' is not one of ['Set', 'Delete'] (its definition)"}
    ${'zt-2-audit'}           | ${'draft'}       | ${'stagedAction: Set'}      | ${'stageAction: Set'}      | ${"StagedNetworkPolicy shop/default-deny: spec: Additional properties are not allowed ('stageAction' was unexpected) (its definition)"}
    ${'gov-1-kyverno'}        | ${'validate'}    | ${'failureAction: Enforce'} | ${'failureAction: Refuse'} | ${"ClusterPolicy require-requests-limits: spec.rules[0].validate.failureAction: 'Refuse' is not one of ['Audit', 'Enforce'] (its definition)"}
    ${'mesh-2-canary'}        | ${'canary'}      | ${'weight: 90'}             | ${'weight: "90"'}          | ${"VirtualService reviews/reviews: spec.http[0].route[0].weight: '90' is not of type 'integer' (its definition)"}
    ${'k8s-6-ingress'}        | ${'gateway'}     | ${'type: PathPrefix'}       | ${'type: Prefix'}          | ${"HTTPRoute edge/apps: spec.rules[0].matches[0].path.type: 'Prefix' is not one of ['Exact', 'PathPrefix', 'RegularExpression'] (its definition)"}
    ${'aws-3-vpc-cni'}        | ${'pod-groups'}  | ${'groupIds:'}              | ${'groupIDs:'}             | ${"SecurityGroupPolicy shop/web: spec.securityGroups: Additional properties are not allowed ('groupIDs' was unexpected) (its definition)"}
  `('$lab, $stage: "$to" for "$from" is refused by name', ({ lab, stage, from, to, refusal }) => {
    const { path, text } = stageFile(lab, stage);
    expect(text).toContain(from);
    const found = refusals([{ path, text: text.replace(from, to) }]);
    expect(found).toContain(`${path}: ${refusal}`);
  });
});
