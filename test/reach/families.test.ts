import { verdictAt } from '../../lib/model/matrix';
import { createEngine } from '../../lib/reach/engine';
import { end, namespace, networkPolicy, pod } from '../manifests';
import { worldOf } from '../worlds';

/** A pod with these addresses, in this order. */
const at = (title: string, ...ips: readonly string[]) => ({
  ...pod(title, { labels: { app: title.replace('shop/', '') } }),
  status: { phase: 'Running', podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) },
});

const pods = [
  at('shop/both', '10.0.0.1', 'fd00::1'),
  at('shop/six-first', 'fd00::2', '10.0.0.2'),
  at('shop/four', '10.0.0.3'),
  at('shop/six', 'fd00::4'),
];
const names = ['shop/both', 'shop/six-first', 'shop/four', 'shop/six'];

/** `.` allowed, `X` denied, `-` no route; the same by matrix and flow by flow. */
function square(...policies: readonly unknown[]): readonly string[] {
  const world = worldOf([namespace('shop'), ...pods, ...policies]);
  const engine = createEngine(world, { staged: 'as-written' });
  const sources = names.map(end);
  const targets = sources.map((to) => ({ to, protocol: 'TCP', port: 80 }) as const);
  const matrix = engine.matrix({ sources, targets });
  const MARK = { allowed: '.', denied: 'X', 'no-route': '-', unknown: '?' };
  const drawn = sources.map((_, s) =>
    targets.map((_, t) => MARK[verdictAt(matrix, s, t)]).join(''),
  );
  const single = sources.map((from) =>
    targets.map((aim) => MARK[engine.explain({ from, ...aim }).verdict]).join(''),
  );
  expect(drawn).toEqual(single);
  return drawn;
}

test('ends without a family in common have no way to each other', () => {
  expect(square()).toEqual(['....', '....', '...-', '..-.']);
});

test('a block of one family is asked about packets of that family', () => {
  const policy = networkPolicy('shop/in', {
    ingress: [{ from: [{ ipBlock: { cidr: 'fd00::/64' } }] }],
  });
  // To a pod with both, a call goes to its first address that the caller can use.
  expect(square(policy)).toEqual(['..X.', 'X.X.', 'XX.-', '..-.']);
});

test('selectors find a pod by either address', () => {
  const policy = networkPolicy('shop/in', {
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'six-first' } } }] }],
  });
  expect(square(policy)).toEqual(['.XXX', '....', 'XX.-', 'XX-.']);
});
