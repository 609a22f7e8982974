import { checkObject } from '../../lib/checks/object';
import { answered, type Target } from '../../lib/checks/target';
import type { ObjectCheck } from '../../lib/lab/check';

const check = (path: string, equals?: ObjectCheck['equals']): ObjectCheck => ({
  kind: 'object',
  apiVersion: 'networking.k8s.io/v1',
  object: 'Ingress',
  name: 'shop',
  path,
  ...(equals === undefined ? {} : { equals }),
  because: 'it must be so',
});
const withAddress = {
  status: { loadBalancer: { ingress: [{ hostname: 'a.elb.amazonaws.com' }] } },
};
const without = { status: { loadBalancer: {} } };
const ADDRESS = 'status.loadBalancer.ingress.0';

test.each([
  ['an address is asked for and there', check(ADDRESS), withAddress, 'right'],
  ['an address is asked for and not there', check(ADDRESS), without, 'wrong'],
  ['the value is the one', check('status.ready', 'True'), { status: { ready: 'True' } }, 'right'],
  ['the value is another', check('status.ready', 'True'), { status: { ready: 'False' } }, 'wrong'],
  [
    'a list is compared in order',
    check('spec.a', ['x', 'y']),
    { spec: { a: ['y', 'x'] } },
    'wrong',
  ],
  ['a value of zero is a value', check('spec.replicas'), { spec: { replicas: 0 } }, 'right'],
  ['the object alone is asked for', check(''), {}, 'right'],
])('%s', async (_, asked, object, kind) => {
  const target = { readObject: async () => answered(object) } as unknown as Target;
  expect(await checkObject(asked, target)).toMatchObject({ kind });
});
