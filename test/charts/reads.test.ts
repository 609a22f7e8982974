import { chartedLabs, stagesOf, synthesizeStage } from '../../charts';
import { readWorld } from '../../lib/snapshot/world';

/** Kinds that are not about the packets this project judges; everything else must be read strictly. */
const ELSEWHERE = [
  'AuthorizationPolicy',
  'BGPConfiguration',
  'BGPPeer',
  'ClusterPolicy',
  'DestinationRule',
  'FelixConfiguration',
  'IPPool',
  'PeerAuthentication',
  'VirtualService',
];

const all = chartedLabs.flatMap((lab) => stagesOf(lab).map((stage) => ({ lab, stage })));

test.each(all)(
  '$lab, stage $stage: no field that a strict reader does not know',
  ({ lab, stage }) => {
    for (const surroundings of ['alone', 'with-cluster'] as const) {
      const text = synthesizeStage(lab, stage, surroundings);
      const reading = readWorld({ manifests: [{ path: stage, text }] });
      if (reading.kind === 'problems') expect(reading.problems).toEqual([]);
      else {
        expect(reading.warnings).toEqual([]);
        expect(Object.keys(reading.skipped).filter((kind) => !ELSEWHERE.includes(kind))).toEqual(
          [],
        );
      }
    }
  },
);
