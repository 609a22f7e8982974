import type { KubernetesObject } from '@kubernetes/client-node';
import { systemClock as clock } from '../../../../lib/model/clock';
import { type ApplyEvent, applyStage } from '../../../../lib/targets/cluster/apply';
import { nameOf } from '../../../../lib/targets/cluster/cluster';
import { type ControlPlane, startControlPlane } from './control-plane';
import { definitions } from './definitions';
import { pathsOf } from './stored';

/** A control plane that knows every kind of our stages, and how this project moves it. */
export interface House extends ControlPlane {
  /** Applies objects after those that were there before, as the project does. */
  move(
    objects: readonly KubernetesObject[],
    before: readonly KubernetesObject[],
  ): Promise<readonly ApplyEvent[]>;
  /** The objects as they are stored, `undefined` where there is none. */
  stored(objects: readonly KubernetesObject[]): Promise<readonly (Stored | undefined)[]>;
  /** Deletes all but namespaces (they take their time, and the next lab has the same). */
  clear(objects: readonly KubernetesObject[]): Promise<void>;
}

export type Stored = KubernetesObject & Readonly<Record<string, unknown>>;

export async function openHouse(controllers?: readonly string[]): Promise<House> {
  const plane = await startControlPlane(controllers);
  try {
    const objects = definitions();
    await applyStage(plane.cluster, { objects, before: [] }, { clock });
    const { code, stderr } = await plane.kubectl(
      ['wait', 'crd', '--all', '--for=condition=Established', '--timeout=60s'], //
    );
    if (code !== 0) throw new Error(stderr);
    return { ...plane, ...movesOf(plane, await pathsOf(plane)) };
  } catch (error) {
    await plane.stop();
    throw error;
  }
}

function movesOf(
  { cluster, ask }: ControlPlane,
  pathOf: (object: KubernetesObject) => string,
): Pick<House, 'move' | 'stored' | 'clear'> {
  const move: House['move'] = async (objects, before) => {
    const events: ApplyEvent[] = [];
    const onEvent = (event: ApplyEvent): number => events.push(event);
    await applyStage(cluster, { objects, before }, { clock, deadlineMs: 30_000, onEvent });
    return events;
  };
  const stored: House['stored'] = (objects) =>
    Promise.all(
      objects.map(async (object) => {
        const { status, body } = await ask('GET', pathOf(object));
        return status === 404 ? undefined : (body as Stored);
      }),
    );
  const clear: House['clear'] = async (objects) => {
    const others = objects.filter(({ kind }) => kind !== 'Namespace');
    await move([], others);
    const end = Date.now() + 30_000;
    for (;;) {
      const found = await stored(others);
      const left = others.filter((_, i) => found[i] !== undefined).map(nameOf);
      if (left.length === 0) return;
      if (Date.now() > end) throw new Error(`still there: ${left.join(', ')}`);
      await clock.sleep(50);
    }
  };
  return { move, stored, clear };
}
