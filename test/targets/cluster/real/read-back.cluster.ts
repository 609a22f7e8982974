import { chartedLabs, stagesOf, synthesizeStage } from '../../../../charts';
import type { World } from '../../../../lib/model/world';
import { createEngine } from '../../../../lib/reach/engine';
import { everyFlow } from '../../../../lib/reach/questions/diff';
import { readWorld } from '../../../../lib/read/world';
import { objectsOf } from '../../../../lib/targets/cluster/cluster';
import { describeKubernetes } from './describe';
import { type House, openHouse } from './stage-control-plane';

function worldOf(text: string): World {
  const reading = readWorld({ manifests: [{ path: 'get.yaml', text }] });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 2));
  return reading.value;
}

/** Every flow with its verdict, whatever the order of the objects was. */
function verdicts(world: World): readonly string[] {
  const engine = createEngine(world, { staged: 'as-written' });
  const { sources, targets } = everyFlow(world);
  const all = sources.flatMap((from) =>
    targets.map((aim) =>
      JSON.stringify({ from, ...aim, is: engine.explain({ from, ...aim }).verdict }),
    ),
  );
  return all.sort();
}

describeKubernetes('what kubectl prints of a cluster', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house?.stop());

  test.each(chartedLabs)(
    '%s: is read without a problem and judged as what was applied',
    async (lab) => {
      const stage = stagesOf(lab).at(-1) ?? '';
      const text = synthesizeStage(lab, stage, 'alone');
      const objects = objectsOf(text);
      await house.move(objects, []);
      const kinds = new Set(objects.map(({ kind, apiVersion }) => resourceName(kind, apiVersion)));
      const ran = await house.kubectl(['get', [...kinds].join(','), '-A', '-o', 'yaml']);
      await house.clear(objects);
      expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' });
      expect(verdicts(worldOf(ran.stdout))).toEqual(verdicts(worldOf(text)));
    },
  );
});

/** `networkpolicy.v1.networking.k8s.io`, as kubectl takes it. */
function resourceName(kind = '', apiVersion = ''): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : [];
  return [kind.toLowerCase(), version, group].filter((part) => part !== undefined).join('.');
}
