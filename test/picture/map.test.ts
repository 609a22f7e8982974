import { layoutOf } from '../../lib/picture/layout';
import { pictureOf } from '../../lib/picture/map';
import type { Picture } from '../../lib/picture/types';
import { namespace, networkPolicy, pod } from '../build/manifests';
import { stageFrom } from './stages';

const app = (name: string) => ({ matchLabels: { app: name } });
const labelled = (name: string) => pod(`shop/${name}`, { labels: { app: name }, ports: [80] });
const cluster = [namespace('shop'), labelled('web'), labelled('api'), labelled('db')];
const closed = networkPolicy('shop/closed', { policyTypes: ['Ingress'] });
const toDb = networkPolicy('shop/db-from-api', {
  podSelector: app('db'),
  ingress: [{ from: [{ podSelector: app('api') }], ports: [{ port: 80 }] }],
});

const lines = ({ edges }: Picture) =>
  edges.map(({ from, to, state, label }) => [
    from.replace('workload:shop/Pod/', ''),
    to.replace('workload:shop/Pod/', ''),
    state,
    label?.text.text,
  ]);

test('what is open by default is drawn as open boxes, not as edges', () => {
  const picture = pictureOf(stageFrom(cluster));
  expect(picture.edges).toEqual([]);
  const cards = picture.boxes.filter(({ kind }) => kind === 'workload');
  expect(cards.map(({ outline, walls }) => [outline, walls.length])).toEqual([
    ['open', 0],
    ['open', 0],
    ['open', 0],
  ]);
  expect(picture.legend).toEqual(['open']);
});

test('a wall, and the one edge that a rule lets through it', () => {
  const picture = pictureOf(stageFrom([...cluster, closed, toDb]));
  expect(lines(picture)).toEqual([['api', 'db', 'allows', '80']]);
  const db = picture.boxes.find(({ id }) => id === 'workload:shop/Pod/db');
  expect(db?.walls).toEqual([
    expect.objectContaining({
      direction: 'ingress',
      kind: 'solid',
      change: 'same',
      by: ['NetworkPolicy shop/closed', 'NetworkPolicy shop/db-from-api'],
    }),
  ]);
});

test('against the stage before, walls are new and edges opened or closed', () => {
  const [open, shut, opened] = [
    stageFrom(cluster),
    stageFrom([...cluster, closed]),
    stageFrom([...cluster, closed, toDb]),
  ];
  const walls = pictureOf(shut, { before: open });
  expect(walls.edges).toEqual([]);
  expect(walls.boxes.flatMap((box) => box.walls.map(({ change }) => change))).toEqual([
    'new',
    'new',
    'new',
  ]);
  expect(lines(pictureOf(opened, { before: shut }))).toEqual([['api', 'db', 'opened', '80']]);
  expect(lines(pictureOf(shut, { before: opened }))).toEqual([['api', 'db', 'closed', '80']]);
});

test('where most is allowed, what is denied is drawn, and the wall is hollow', () => {
  const policy = networkPolicy('shop/all-but-web', {
    podSelector: app('db'),
    ingress: [
      {
        from: [{ podSelector: app('api') }, { ipBlock: { cidr: '203.0.113.0/24' } }],
        ports: [{ port: 80 }],
      },
    ],
  });
  const picture = pictureOf(stageFrom([...cluster, policy]));
  expect(lines(picture)).toEqual([['web', 'db', 'denies', '80']]);
  expect(picture.boxes.flatMap((box) => box.walls.map(({ kind }) => kind))).toEqual(['hollow']);
});

test('a failed check is lit and everything else is quiet', () => {
  const failed = {
    from: { kind: 'pod', namespace: 'shop', name: 'web' },
    to: { kind: 'pod', namespace: 'shop', name: 'db' },
    protocol: 'TCP',
    port: 80,
  } as const;
  const picture = pictureOf(stageFrom([...cluster, closed, toDb]), { failed: [failed] });
  expect(picture.edges.map(({ state, emphasis }) => [state, emphasis])).toEqual([
    ['allows', 'quiet'],
    ['failed', 'normal'],
  ]);
  const loud = picture.boxes.filter(({ emphasis }) => emphasis === 'normal').map(({ id }) => id);
  expect(loud).toEqual(['namespace:shop', 'workload:shop/Pod/db', 'workload:shop/Pod/web']);
});

test('boxes stand where the layout of all stages puts them', () => {
  const stages = [stageFrom(cluster), stageFrom([...cluster, closed, toDb])];
  const layout = layoutOf(stages);
  const places = stages.map((stage) =>
    pictureOf(stage, { layout }).boxes.map(({ id, x, y, width, height }) => [
      id,
      x,
      y,
      width,
      height,
    ]),
  );
  expect(places[0]).toEqual(places[1]);
});
