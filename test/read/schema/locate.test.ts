import { createLocator } from '../../../lib/read/schema/locate';
import { soughtBy, soughtOf } from '../../../lib/read/schema/sought';

const POLICY = `apiVersion: v1
kind: Pod
metadata: { name: db, namespace: shop }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: shop }
spec:
  podSelector: {}
  ingress:
    - from: [{ podSelector: {} }]
    - ports:
        - port: 80
`;
const CALICO = `apiVersion: v1
kind: List
items:
  - apiVersion: projectcalico.org/v3
    kind: NetworkPolicy
    metadata: { name: db, namespace: shop }
    spec: { ingress: [{ action: Deny }] }
`;
const TEMPLATE = `{
  "Resources": {
    "Nodes": { "Type": "AWS::EC2::SecurityGroup",
      "Properties": { "GroupName": "workers" } }
  }
}`;
const { locate } = createLocator([
  { path: 'policy.yaml', text: POLICY },
  { path: 'calico.yaml', text: CALICO },
  { path: 'vpc.json', text: TEMPLATE },
]);

const evidence = (
  filter: 'network-policy' | 'calico-policy' | 'security-group',
  object: string,
) => {
  return { filter, object, rule: 1, direction: 'ingress', because: '' } as const;
};

test('a rule stands at its own line and column, in the document of its kind', () => {
  const sought = soughtBy(evidence('network-policy', 'shop/db'));
  expect(sought && locate(sought)).toEqual({
    file: 'policy.yaml',
    document: 1,
    line: 12,
    column: 7,
    of: 'rule',
  });
});

test('a rule that the object does not have leaves the object, and says so', () => {
  const sought = soughtBy(evidence('calico-policy', 'shop/db'));
  expect(sought && locate(sought)).toMatchObject({ file: 'calico.yaml', line: 4, of: 'object' });
});

test('a resource of a template is found by its logical id or its name', () => {
  for (const name of ['Nodes', 'workers']) {
    const sought = soughtBy(evidence('security-group', name));
    expect(sought && locate(sought)).toMatchObject({ file: 'vpc.json', line: 3, of: 'object' });
  }
});

test('a finding names its kind; what is in no file has no place', () => {
  const finding = { code: 'no-service', severity: 'note', why: '', fix: '' } as const;
  const about = (object: string) => locate(soughtOf({ ...finding, object }));
  expect(about('NetworkPolicy shop/db')).toMatchObject({ file: 'policy.yaml', document: 1 });
  expect(about('CalicoNetworkPolicy shop/db')).toMatchObject({ file: 'calico.yaml' });
  expect(about('NetworkPolicy shop/other')).toBeUndefined();
  expect(about('NetworkPolicy other/db')).toBeUndefined();
});
