import { labs } from '../../labs';
import { machineNetwork } from '../../lib/lab/cables';
import { machinesPictureOf } from '../../lib/picture/machines';
import { flawsOf } from './geometry';

const linux = labs.filter(({ environment }) => environment.kind === 'linux');

test.each(linux.map((lab) => ({ id: lab.id, lab })))(
  'the machines of $id are drawn without overlap',
  ({ lab }) => {
    const network = machineNetwork(lab);
    const picture = machinesPictureOf(network, lab.title);
    expect(flawsOf(picture)).toEqual([]);
    const names = network.machines.map(({ name }) => `machine:${name}`);
    expect(picture.boxes.filter(({ kind }) => kind === 'machine').map(({ id }) => id)).toEqual(
      names,
    );
    const ports = network.machines.flatMap(({ devices }) =>
      devices.filter(({ master }) => master !== undefined),
    );
    expect(picture.edges).toHaveLength(network.cables.length + ports.length);
  },
);

test('cables and bridge ports are read from what the solutions type', () => {
  const lab = labs.find(({ id }) => id === 'linux-2-bridge');
  const network = lab && machineNetwork(lab);
  expect(network?.cables).toHaveLength(3);
  const host = network?.machines.find(({ name }) => name === 'host');
  expect(host?.devices.filter(({ master }) => master === 'v-net-0')).toHaveLength(3);
});
