import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { jsonLines, newPerson } from './run';

const person = newPerson();
afterAll(person.leave);

const POD = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop}\nspec: {containers: [{name: m, image: n, ports: [{containerPort: 80}]}]}\n`;
const VPC = 'Resources:\n  Vpc: {Type: "AWS::EC2::VPC", Properties: {CidrBlock: 10.0.0.0/16}}\n';

for (const folder of ['empty', 'mixed', 'chart', 'chart/templates', 'tf', 'stacks', 'k', 'more']) {
  mkdirSync(join(person.folder, folder));
}
person.write('mixed/app.yaml', `${POD('web')}---\n${POD('db')}`);
person.write('mixed/package.json', '{"name":"x"}');
person.write('mixed/values.yaml', 'replicas: 3\nkinds:\n  kind: Deployment\n');
person.write(
  'mixed/secret.yaml',
  'apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\n',
);
person.write(
  'mixed/mesh.yaml',
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a, namespace: shop}\nspec: {}\n',
);
person.write('chart/Chart.yaml', 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
person.write('chart/values.yaml', 'a: 1\n');
person.write(
  'chart/templates/np.yaml',
  'apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Release.Name }}}\n',
);
person.write('tf/main.tf', 'resource "aws_vpc" "v" {}');
person.write('plan.json', '{"format_version":"1.2","planned_values":{}}');
person.write('export.json', '{"version":3,"deployment":{"resources":[]}}');
person.write('stacks/network.yml', VPC);
person.write('stacks/tree.json', '{"tree":{}}');
person.write('k/kustomization.yaml', 'resources: [../mixed/app.yaml]\n');
person.write(
  'more/config.yaml',
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: shop}\n',
);
person.write('none.json', '{"apiVersion":"v1","kind":"List","items":[]}');
person.write('flows.jsonl', '{"from":"shop/web","to":"shop/db","protocol":"TCP","port":80}\n');
person.write('no-flows.jsonl', '\n\n');

describe('nothing read is an error: exit 2, and what was looked for', () => {
  const COMMANDS = [
    ['predict', '--flows', 'flows.jsonl'],
    ['probe', '--flows', 'flows.jsonl'],
    ['compare', '--flows', 'flows.jsonl'],
    ['lint'],
    ['matrix'],
    ['explain', 'shop/web', 'shop/db:80'],
    ['flows'],
    ['recommend', '--flows', 'flows.jsonl'],
  ];
  test.each(COMMANDS)('%s of an empty folder', async (...command) => {
    const ran = await person.here(...command, '--manifests', 'empty');
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 2, out: '' });
    expect(ran.err).toMatch(/empty gives no Kubernetes object: looked for/);
  });
  test.each(COMMANDS)('%s of a folder without a template', async (...command) => {
    const ran = await person.here(...command, '--manifests', 'mixed', '--template', 'more');
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(/more gives no CloudFormation template: looked for/);
  });
  test.each([
    ['an empty List', ['lint', '--manifests', 'none.json'], /holds nothing that is judged/],
    ['objects that are not about the network', ['lint', '--manifests', 'more'], /1 ConfigMap/],
    [
      'files none of which holds an object',
      ['lint', '--manifests', 'mixed/package.json'],
      /no Kubernetes object/,
    ],
    ['one empty folder of two', ['lint', '--manifests', 'mixed', 'empty'], /empty gives no/],
    ['a chart', ['lint', '--manifests', 'chart'], /fix: render it first: helm template chart/],
    ['a kustomization', ['lint', '--manifests', 'k'], /kubectl kustomize k/],
    ['Terraform source', ['lint', '--template', 'tf'], /Terraform source.*\n.*lab export/s],
    ['a Terraform plan', ['lint', '--template', 'plan.json'], /a Terraform plan.*lab export/s],
    ['a Pulumi export', ['lint', '--manifests', 'export.json'], /Pulumi.*lab export/s],
    [
      'no flow',
      ['predict', '--manifests', 'mixed', '--flows', 'no-flows.jsonl'],
      /no-flows.jsonl gives no flow/,
    ],
    [
      'no record',
      ['recommend', '--manifests', 'mixed', '--flows', 'no-flows.jsonl'],
      /no-flows.jsonl: document 1\n {2}the file is empty/,
    ],
    [
      'no object before',
      ['diff', '--from', 'empty', '--to', 'mixed'],
      /empty gives no Kubernetes object/,
    ],
  ])('%s', async (_, command, says) => {
    const ran = await person.here(...command);
    expect({ code: ran.code, err: ran.err }).toEqual({ code: 2, err: expect.stringMatching(says) });
  });
});

describe('what was read is said', () => {
  test('files, objects, foreign files by name, and two lists of kinds', async () => {
    const ran = await person.here('lint', '--manifests', 'mixed');
    expect(ran.code).toBe(0);
    expect(ran.err).toContain(
      'read: 3 files, 4 objects; skipped: mixed/package.json (no Kubernetes object)',
    );
    expect(ran.err).toContain('mixed/values.yaml (no Kubernetes object)');
    expect(ran.err).toContain('not modelled (verdicts may depend on it): 1 AuthorizationPolicy');
    expect(ran.err).toContain('not about the network: 1 Secret');
  });

  test('any file with Resources is a template, whatever its name', async () => {
    const ran = await person.here('lint', '--template', 'stacks', '--json');
    expect(JSON.parse(ran.err.trim())).toMatchObject({
      read: { templates: 1, skipped: [{ file: 'stacks/tree.json' }] },
    });
  });

  test('answers in JSON say it in the field read', async () => {
    const own = ['--manifests', 'mixed', '--json'];
    const counts = { files: 3, objects: 4, templates: 0 };
    const [answer] = jsonLines(await person.here('predict', '--flows', 'flows.jsonl', ...own));
    expect(answer).toMatchObject({
      verdict: 'allowed',
      read: { ...counts, skipped: 2, notModelled: 1 },
    });
    for (const command of [['matrix'], ['explain', 'shop/web', 'shop/db:80']]) {
      const [value] = jsonLines(await person.here(...command, ...own));
      expect(value).toMatchObject({ read: { ...counts, notModelled: { AuthorizationPolicy: 1 } } });
    }
    expect(jsonLines(await person.here('lint', ...own))).toEqual([expect.any(Array)]);
  });

  test('a plain flow is a record of a connection that is wanted', async () => {
    const ran = await person.here(
      'recommend',
      '--flows',
      'flows.jsonl',
      '--manifests',
      'mixed',
      '--json',
    );
    const [value] = jsonLines(ran) as [{ policies: unknown[]; read: unknown }];
    expect(ran.code).toBe(0);
    expect(value.policies.length).toBeGreaterThan(0);
    expect(value.read).toMatchObject({ objects: 4 });
  });
});
