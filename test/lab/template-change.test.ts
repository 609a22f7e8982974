import { changeTemplates, type TemplateChange } from '../../lib/lab/template-change';

const entry = (port: number) => ({ Type: 'AWS::EC2::NetworkAclEntry', Properties: { Port: port } });
const files = [
  {
    path: 'network',
    text: JSON.stringify({ Resources: { AclIn100AB: entry(80), AclOut100CD: entry(81) } }),
  },
  { path: 'cluster', text: JSON.stringify({ Resources: {} }) },
];

const resource = 'AWS::EC2::NetworkAclEntry';

test.each<[string, TemplateChange, object]>([
  ['remove', { resource, id: 'AclIn100', change: { kind: 'remove' } }, { AclOut100CD: entry(81) }],
  [
    'set',
    { resource, id: 'AclOut', change: { kind: 'set', properties: { Port: 9 } } },
    { AclIn100AB: entry(80), AclOut100CD: entry(9) },
  ],
  [
    'add',
    { resource, id: 'Mine', change: { kind: 'add', properties: { Port: 1 } } },
    { AclIn100AB: entry(80), AclOut100CD: entry(81), Mine: entry(1) },
  ],
])('%s changes what it names and leaves the other files alone', (_, change, expected) => {
  const [network, cluster] = changeTemplates(files, [change]);
  expect(JSON.parse(network?.text ?? '').Resources).toEqual(expected);
  expect(cluster).toBe(files[1]);
});

test('a change that finds nothing is refused', () => {
  const change: TemplateChange = { resource, id: 'Nowhere', change: { kind: 'remove' } };
  expect(() => changeTemplates(files, [change])).toThrow(
    expect.objectContaining({ code: 'no-such-resource' }),
  );
});
