import { answered, notHere, type Target, type TargetAnswer } from '../../checks/target';
import type { ObservedFact } from '../../lab/answer';
import type { Check, EndName } from '../../lab/check';
import { resolveEnd } from '../../lab/resolve';
import { attemptFlows } from './attempts';
import { checkEnforcement } from './canary';
import { nodeOf } from './ends';
import { readObject, tryManifest } from './objects';
import { whyElsewhere } from './observable';
import { addressesIn, namesPodOf, requestHttp, requestMany, resolveFrom } from './target-answers';
import type { ClusterTargetOptions } from './types';

const NODES = 'a pod in a cluster cannot look into a node';

/** A lab in a cluster (kind, EKS), as checks look at it: from inside its own pods. */
export function clusterTarget(options: ClusterTargetOptions): Target {
  const { cluster, clock, canaryImage, view, stageWorld } = options;
  const { scope } = view;
  const orElsewhere = <C extends Check, T>(
    check: C,
    ask: (check: C) => Promise<TargetAnswer<T>>,
  ): Promise<TargetAnswer<T>> => {
    const reason = whyElsewhere(check, view);
    return reason === undefined ? ask(check) : Promise.resolve(notHere(reason));
  };
  return {
    proveEnforcement: () => checkEnforcement(cluster, { clock, image: canaryImage }),
    attempt: (checks) => attemptFlows(checks, options),
    resolve: (from, name) => resolveFrom({ from, name }, options),
    addressesOf: (name) => addressesIn(name, options),
    requestHttp: (check) => orElsewhere(check, (asked) => requestHttp(asked, options)),
    requestMany: (check) => orElsewhere(check, (asked) => requestMany(asked, options)),
    isAnswerOf: (text, name) => namesPodOf(text, name, scope),
    watch: async () => notHere(NODES),
    runOn: async () => notHere(NODES),
    readObject: (check) => orElsewhere(check, (asked) => readObject(asked, cluster)),
    tryManifest: (manifest) => tryManifest(manifest, cluster),
    // The cluster may hold other objects than the lab's: a prediction from those would be a guess.
    world: () =>
      notHere('a prediction is made from the lab’s own manifests, the same on every target'),
    required: (stage) => answered(stageWorld(stage)),
    observe: (fact, of) => observe(fact, of, options),
  };
}

async function observe(
  fact: ObservedFact,
  of: EndName,
  options: ClusterTargetOptions,
): Promise<TargetAnswer<readonly string[]>> {
  const { cluster, view } = options;
  switch (fact) {
    case 'address':
      return answered(await addressesIn(of, options));
    case 'node': {
      const nodes = await Promise.all(
        resolveEnd(of, view.scope).map((end) => nodeOf(cluster, end)),
      );
      return answered(nodes.filter((node) => node !== undefined));
    }
    case 'mac':
    case 'host-device':
      return notHere(NODES);
  }
}
