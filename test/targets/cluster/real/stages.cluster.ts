import type { KubernetesObject } from '@kubernetes/client-node';
import { chartedLabs, stagesOf, synthesizeStage } from '../../../../charts';
import { nameOf, objectsOf } from '../../../../lib/targets/cluster/cluster';
import { describeKubernetes } from './describe';
import { type House, openHouse, type Stored } from './stage-control-plane';
import { lost } from './stored';

describeKubernetes('every stage, judged by a real API server', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house?.stop());

  test.each(chartedLabs)('%s: a stage after a stage, there and back', async (lab) => {
    let before: readonly KubernetesObject[] = [];
    for (const stage of thereAndBack(stagesOf(lab))) {
      const objects = objectsOf(synthesizeStage(lab, stage, 'alone'));
      await house.move(objects, before);
      const stored = await house.stored(objects);
      const missing = objects.flatMap((object, i) =>
        lost(object, stored[i]).map((what) => `${nameOf(object)} ${what}`),
      );
      expect({ stage, missing }).toEqual({ stage, missing: [] });
      await house.move(objects, objects);
      expect((await house.stored(objects)).map(unchanged)).toEqual(stored.map(unchanged));
      before = objects;
    }
    await house.clear(before);
  });
});

const thereAndBack = (stages: readonly string[]): readonly string[] => [
  ...stages,
  ...stages.slice(0, -1).toReversed(),
];

/**
 * What stays as it is when the same is applied again: all of it, its version too. The definition of
 * a Gateway has a status by default, and the API server writes such an object again each time.
 */
const unchanged = (stored: Stored | undefined) =>
  stored?.kind === 'Gateway'
    ? { ...stored, metadata: { ...stored.metadata, resourceVersion: 'any' } }
    : stored;
