import { goScalar } from '../../../lib/read/schema/go-scalars';
import { file, problemsIn, worldOf } from '../../build/reading';

/** What sigs.k8s.io/yaml 1.6.0 (kubectl 1.35) makes of plain scalars; asked of the Go package. */
test.each`
  text                     | value
  ${'80'}                  | ${80}
  ${'080'}                 | ${80}
  ${'0120'}                | ${80}
  ${'0o120'}               | ${80}
  ${'0O17'}                | ${15}
  ${'0X1F'}                | ${31}
  ${'-0b11'}               | ${-3}
  ${'1_000'}               | ${1000}
  ${'80.0'}                | ${80}
  ${'1.'}                  | ${1}
  ${'1e5'}                 | ${100_000}
  ${'12e8_7'}              | ${12e87}
  ${'.5'}                  | ${0.5}
  ${'._5'}                 | ${'._5'}
  ${'e131220'}             | ${'e131220'}
  ${'1e131220'}            | ${'1e131220'}
  ${'1e400'}               | ${'1e400'}
  ${'0x10000000000000000'} | ${'0x10000000000000000'}
  ${'0x'}                  | ${'0x'}
  ${'0b2'}                 | ${'0b2'}
  ${'22:22'}               | ${'22:22'}
  ${'2024-01-01'}          | ${'2024-01-01'}
  ${'yes'}                 | ${true}
  ${'Off'}                 | ${false}
  ${'n'}                   | ${false}
  ${'yEs'}                 | ${'yEs'}
  ${'~'}                   | ${null}
  ${'nULL'}                | ${'nULL'}
  ${'Infinity'}            | ${'Infinity'}
`('$text is $value', ({ text, value }) => {
  expect(goScalar(text)).toEqual(value);
});

const pod = (label: string, rest = '') => `
apiVersion: v1
kind: Pod
metadata: { name: p, namespace: shop, labels: { commit: ${label} }${rest} }
spec: { containers: [{ name: c }] }`;

test('a commit hash that looks like a number is a label', () => {
  expect(worldOf(pod('e131220')).pods[0]?.labels).toMatchObject({ commit: 'e131220' });
  expect(worldOf(pod('1e131220')).pods[0]?.labels).toMatchObject({ commit: '1e131220' });
});

test('and an octal number is none', () => {
  expect(problemsIn({ manifests: [file(pod('0o17'))] })).toMatchObject([
    { path: 'metadata.labels.commit', problem: 'expected a text, found the number 15' },
  ]);
});

test('tags of their own: text, dates, merges that merge nothing, and bytes', () => {
  const note =
    ', annotations: { a: !!timestamp 2024-01-01, b: !!merge <<, c: !!str 12, d: !!binary aGk= }';
  expect(worldOf(pod('a', note)).pods).toHaveLength(1);
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: { name: s }\ndata: { k: !!binary aGk= }';
  expect(worldOf(secret, pod('a')).pods).toHaveLength(1);
});

test('a route kind that Gateway API does not have yet is skipped, not taken for another kind', () => {
  const text = 'apiVersion: gateway.networking.k8s.io/v1\nkind: QUICRoute\nmetadata: { name: r }';
  expect(problemsIn({ manifests: [file(text)] })).toEqual([]);
});

test.each`
  kind               | version                           | meant
  ${'NetworkPolcy'}  | ${'networking.k8s.io/v1'}         | ${'NetworkPolicy'}
  ${'networkpolicy'} | ${'networking.k8s.io/v1'}         | ${'NetworkPolicy'}
  ${'Deploymnet'}    | ${'apps/v1'}                      | ${'Deployment'}
  ${'HTPRoute'}      | ${'gateway.networking.k8s.io/v1'} | ${'HTTPRoute'}
`('$kind means $meant', ({ kind, version, meant }) => {
  const text = `apiVersion: ${version}\nkind: ${kind}\nmetadata: { name: r }`;
  expect(problemsIn({ manifests: [file(text)] })).toMatchObject([{ fix: `write ${meant}` }]);
});
