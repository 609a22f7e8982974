import { layoutOf } from '../../lib/picture/layout';
import { pictureOf } from '../../lib/picture/map';
import { svgOf } from '../../lib/picture/svg';
import { LIGHT } from '../../lib/picture/theme';
import { mapStageOf } from '../../lib/session/lab-map';
import { flawsOf } from '../picture/geometry';
import { scaleWorld } from './scale';

/** Draws 1,000 pods: bare workloads, so a pod is a workload of its own, in 10 namespaces. */
function main(): void {
  const scale = {
    namespaces: 10,
    workloads: 25,
    replicas: 4,
    policies: 100,
    selects: 'workload',
  } as const;
  const world = scaleWorld(scale);
  const times: Record<string, number> = {};
  const timed = <T>(name: string, make: () => T): T => {
    const start = performance.now();
    const made = make();
    times[name] = Math.round(performance.now() - start);
    return made;
  };
  const stage = timed('judge', () => mapStageOf(world));
  const layout = timed('layout', () => layoutOf([stage]));
  const picture = timed('picture', () => pictureOf(stage, { layout }));
  const svg = timed('svg', () => svgOf(picture, LIGHT));
  const flaws = flawsOf(picture).length;
  const parts = Object.entries(times).map(([name, millis]) => `${name} ${millis} ms`);
  console.log(
    `picture: ${world.pods.length} pods, ${picture.boxes.length} boxes, ${picture.edges.length} edges, ${svg.length} characters, ${flaws} flaws: ${parts.join(', ')}`,
  );
}

main();
