import { overlay } from '../../lib/session/overlay';

const object = (name: string, { api = 'v1', namespace = 'shop', port = 80 } = {}): string =>
  `apiVersion: ${api}\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nspec:\n  ports:\n    - port: ${port}\n`;

const stage = { path: 'stage.yaml', text: [object('web'), object('db')].join('---\n') };

test.each`
  what                                         | mine                                                                                                                                                                      | left
  ${'the same object'}                         | ${object('web', { port: 81 })}                                                                                                                                            | ${`\n---\n${object('db')}`}
  ${'both, in a List'}                         | ${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: ['web', 'db'].map((name) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' } })) })} | ${'\n---\n\n'}
  ${'one of another name'}                     | ${object('api')}                                                                                                                                                          | ${stage.text}
  ${'one of another namespace'}                | ${object('web', { namespace: 'test' })}                                                                                                                                   | ${stage.text}
  ${'one of another group with the same kind'} | ${object('web', { api: 'serving.knative.dev/v1' })}                                                                                                                       | ${stage.text}
  ${'what is no YAML'}                         | ${'a: [\n'}                                                                                                                                                               | ${stage.text}
  ${'nothing'}                                 | ${''}                                                                                                                                                                     | ${stage.text}
`('what a stage keeps beside $what', ({ mine, left }) => {
  const file = { path: 'mine.yaml', text: mine };
  expect(overlay([stage, file])).toEqual([{ path: 'stage.yaml', text: left }, file]);
});

test('what one file says twice is left for the reader to find', () => {
  const twice = { path: 'mine.yaml', text: [object('web'), object('web')].join('---\n') };
  expect(overlay([twice])).toEqual([twice]);
});

test('an object without a namespace is in the default one, and its version does not matter', () => {
  const bare = { path: 'a.yaml', text: 'apiVersion: policy/v1\nkind: X\nmetadata: {name: a}\n' };
  const full = {
    path: 'b.yaml',
    text: 'apiVersion: policy/v1beta1\nkind: X\nmetadata: {name: a, namespace: default}\n',
  };
  expect(overlay([bare, full])).toEqual([{ path: 'a.yaml', text: '\n' }, full]);
});
