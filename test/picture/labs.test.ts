import { labs } from '../../labs';
import { layoutOf } from '../../lib/picture/layout';
import { pictureOf } from '../../lib/picture/map';
import { worldOf } from '../labs/lab-worlds';
import { flawsOf } from './geometry';
import { stageOf } from './stages';

const SHAPES = [
  { shape: 'roomy', options: {} },
  { shape: 'compact', options: { compact: true } },
  { shape: 'down', options: { direction: 'down', compact: true } },
] as const;

const cluster = labs.filter(({ environment }) => environment.kind === 'cluster');

describe.each(cluster.map((lab) => ({ id: lab.id, lab })))('$id', ({ lab }) => {
  const stages = lab.stages.map(({ name }) => stageOf(worldOf(lab, name)));

  test.each(SHAPES)('its $shape maps overlap nowhere and stay where they are', ({ options }) => {
    const layout = layoutOf(stages, options);
    const pictures = stages.map((stage, i) => {
      const before = stages[i - 1];
      return pictureOf(stage, before === undefined ? { layout } : { layout, before });
    });
    expect(pictures.flatMap(flawsOf)).toEqual([]);
    const places = new Map<string, string>();
    for (const { id, x, y, width, height } of pictures.flatMap(({ boxes }) => boxes)) {
      const place = [x, y, width, height].join();
      expect(places.get(id) ?? place).toBe(place);
      places.set(id, place);
    }
  });
});
