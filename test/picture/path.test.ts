import { labs } from '../../labs';
import { formatEnd } from '../../lib/model/flow';
import { pathPictureOf } from '../../lib/picture/path';
import { svgOf } from '../../lib/picture/svg';
import { DARK, LIGHT } from '../../lib/picture/theme';
import { createEngine } from '../../lib/reach/engine';
import { parseFlow } from '../../lib/read/flows/flows';
import { worldOf } from '../labs/lab-worlds';
import { flawsOf } from './geometry';

function explained(id: string, stage: string, from: string, to: string) {
  const lab = labs.find((one) => one.id === id);
  if (lab === undefined) throw new Error(`no lab ${id}`);
  const world = worldOf(lab, stage);
  const flow = parseFlow(from, to, world);
  if ('problem' in flow) throw new Error(flow.problem);
  const explanation = createEngine(world, { staged: 'as-written' }).explain(flow);
  return { world, explanation, picture: pathPictureOf(world, explanation) };
}

const stops = ({ picture }: ReturnType<typeof explained>) =>
  picture.marks.filter(({ state, kind }) => state === 'stop' && kind !== 'caption');

test('an allowed flow goes there and back through every device of its trace, numbered through', () => {
  const asked = explained('aws-5-path', 'whole', 'demo/client-0', 'internet:443');
  const { picture, explanation } = asked;
  const hops = [...explanation.trace.forward, ...explanation.trace.return];
  const numbers = picture.marks.filter(({ kind }) => kind === 'hop').map(({ step }) => step);
  expect(numbers).toEqual(hops.map((_, i) => i + 1));
  expect(stops(asked)).toEqual([]);
  expect(picture.edges.map(({ state }) => state)).toEqual(['there', 'back']);
  const ids = new Set(picture.boxes.map(({ id }) => id));
  expect(hops.map(({ id }) => id).filter((id) => !ids.has(id))).toEqual([]);
});

test('where a flow is denied on the way there its line ends, with the rule that denies', () => {
  const asked = explained('aws-5-path', 'acl-denies-out', 'demo/client-0', 'internet:443');
  const [stop] = stops(asked);
  expect(stop?.kind).toBe('denied');
  expect(stop?.about).toContain('Acl-nodes');
  const there = asked.picture.edges.find(({ state }) => state === 'there');
  const end = there?.points.at(-1);
  expect([end?.x, end?.y]).toEqual([stop?.x, stop?.y]);
  expect(asked.picture.edges.some(({ state }) => state === 'back')).toBe(false);
  const caption = asked.picture.marks.find(({ kind }) => kind === 'caption');
  expect(caption?.text?.text).toBe('rule 50 denies');
});

test('where the reply is denied the way back ends and the rest is dotted', () => {
  const asked = explained(
    'aws-5-path',
    'acl-forgets-replies',
    'demo/client-0',
    'demo/server-1:8080',
  );
  expect(asked.picture.edges.map(({ state }) => state)).toEqual(['there', 'back', 'unreached']);
  const [stop] = stops(asked);
  const [, back] = asked.picture.edges;
  const end = back?.points.at(-1);
  expect([end?.x, end?.y]).toEqual([stop?.x, stop?.y]);
});

const EVERY = labs
  .filter(({ environment }) => environment.kind === 'cluster')
  .map((lab) => ({ id: lab.id, lab }));

test.each(EVERY)('every way of the last stage of $id is drawn without overlap', ({ lab }) => {
  const stage = lab.stages.at(-1)?.name ?? '';
  const world = worldOf(lab, stage);
  const engine = createEngine(world, { staged: 'as-written' });
  const [from] = world.pods;
  if (from === undefined) return;
  const ends = [...world.pods.slice(1, 4), ...world.pods.slice(4).slice(-2)];
  for (const to of ends) {
    const [port] = to.ports;
    if (port === undefined) continue;
    const flow = {
      from: { kind: 'pod', namespace: from.namespace, name: from.name },
      to: { kind: 'pod', namespace: to.namespace, name: to.name },
      protocol: port.protocol,
      port: port.port,
    } as const;
    const picture = pathPictureOf(world, engine.explain(flow));
    expect([formatEnd(flow.to), ...flawsOf(picture)]).toEqual([formatEnd(flow.to)]);
    for (const theme of [LIGHT, DARK]) expect(svgOf(picture, theme)).toContain('</svg>');
  }
});
