import { ip } from '../../../lib/model/address';
import type { FlowEnd } from '../../../lib/model/flow';
import { createDirectory } from '../../../lib/reach/ends/directory';
import { deviceOf, partyName } from '../../../lib/reach/ends/names';
import { vpcWorld } from '../../build/peered-vpcs';

const directory = createDirectory(vpcWorld);

const ROWS: readonly (readonly [FlowEnd, name: string, device: string])[] = [
  [{ kind: 'pod', namespace: 'lab', name: 'a1' }, 'lab/a1', 'pod lab/a1'],
  [{ kind: 'node', name: 'a' }, 'node a', 'node a'],
  [{ kind: 'ip', address: ip('198.51.100.7') }, '198.51.100.7', '198.51.100.7'],
  [{ kind: 'internet' }, 'internet', 'internet'],
  [{ kind: 'eni', name: 'vpce' }, 'interface vpce', 'interface vpce'],
];

test.each(ROWS)('%j is %s in a sentence, %s in a trace', (end, name, device) => {
  const [party] = directory.parties(end) ?? [];
  expect(party && [partyName(party), deviceOf(party)]).toEqual([name, device]);
});
