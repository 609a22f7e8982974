import { fileKind } from '../../../lib/read/inputs/file-kind';

/** Texts of my own; each stands for a kind of file that lies beside manifests and templates. */
test.each([
  ['m.yaml', 'apiVersion: v1\nkind: Pod\n', 'objects'],
  ['m.yaml', '# a comment\n---\n\n  apiVersion: v1\n  kind: Pod\n', 'objects'],
  ['m.yaml', '{apiVersion: v1, kind: Pod}', 'objects'],
  ['m.json', '{"kind":"List","apiVersion":"v1","items":[]}', 'objects'],
  ['m.json', '{"kind":"Pod"}\n{"kind":"Pod"}', 'objects'],
  ['m.yaml', 'metadata: {name: a}\nspec: {}\n', 'objects'],
  ['m.yaml', 'foo: 1\n---\nkind: NetworkPolicy\n', 'objects'],
  ['vpc.yml', 'Resources:\n  Vpc: {Type: AWS::EC2::VPC}\n', 'template'],
  ['stack.json', '{"Resources":{}}', 'template'],
  ['values.yaml', 'controller:\n  kind: Deployment\n  apiVersion: apps/v1\n', 'other'],
  ['docker-compose.yml', 'services:\n  web: {image: nginx}\n', 'other'],
  ['package.json', '{"name":"x","version":"1.0.0"}', 'other'],
  ['list.json', '[{"src":"a","dst":"b"}]', 'other'],
  ['tsconfig.json', '{ // comment\n "compilerOptions": {} }', 'broken'],
  ['blank.yaml', '# nothing yet\n', 'empty'],
  ['k/kustomization.yaml', 'resources: [all.yaml]\n', 'kustomization'],
  ['c/Chart.yaml', 'apiVersion: v2\nname: web\nversion: 1.0.0\n', 'chart'],
  [
    'plan.json',
    '{"format_version":"1.2","planned_values":{},"resource_changes":[]}',
    'terraform plan',
  ],
  [
    'show.json',
    '{"format_version":"1.0","terraform_version":"1.9.0","values":{}}',
    'terraform state',
  ],
  ['s.json', '{"version":4,"terraform_version":"1.9.0","resources":[]}', 'terraform state'],
  ['main.tf', 'resource "aws_vpc" "a" {}', 'terraform source'],
  ['terraform.tfstate', '{}', 'terraform state'],
  ['stack.json', '{"version":3,"deployment":{"manifest":{},"resources":[]}}', 'pulumi'],
  ['Pulumi.yaml', 'name: a\nruntime: nodejs\n', 'pulumi'],
])('%s %j is %s', (path, text, kind) => {
  expect(fileKind({ path, text })).toBe(kind);
});
