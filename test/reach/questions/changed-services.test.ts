import { createEngine } from '../../../lib/reach/engine';
import { diff } from '../../../lib/reach/questions/diff';
import { namespace, pod, service } from '../../build/manifests';
import { worldOf } from '../../build/world-of';

const web = pod('shop/web', { labels: { app: 'web' } });
const db = pod('shop/db', { labels: { app: 'db' }, ports: [{ containerPort: 5432 }] });
const dbService = (app: string) => service('shop/db', { port: 5432, selector: { app } });

const changes = (before: readonly object[], after: readonly object[]) => {
  const [a, b] = [before, after].map((objects) => {
    const world = worldOf([namespace('shop'), ...objects]);
    return { world, engine: createEngine(world, { staged: 'as-written' }) };
  });
  if (a === undefined || b === undefined) throw new Error('two worlds');
  return diff(a, b).map(({ from, to, port, before: then, after: now }) =>
    [from, to, port, then, now].join(' '),
  );
};

test('a Service whose selector is repaired changes the flows to it, though no pod changed', () => {
  expect(changes([web, db, dbService('bd')], [web, db, dbService('db')])).toEqual([
    'shop/Pod/db svc:shop/db 5432 no-route allowed',
    'shop/Pod/web svc:shop/db 5432 no-route allowed',
  ]);
});

test('a Service that is as it was is not asked, even where its addresses moved', () => {
  const more = pod('shop/aaa');
  const found = changes([web, db, dbService('db')], [more, web, db, dbService('db')]);
  expect(found.filter((line) => line.includes('svc:'))).toEqual([]);
});

test('a Service that comes is new', () => {
  expect(changes([web, db], [web, db, dbService('db')])).toContain(
    'shop/Pod/web svc:shop/db 5432 absent allowed',
  );
});
