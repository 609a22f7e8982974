import type { Aws } from '../../../lib/account/aws';
import { lookAtInterfaces } from '../../../lib/account/inventory/interfaces';
import { keyOf, type Leftover } from '../../../lib/account/inventory/leftover';
import { lookAround } from '../../../lib/account/inventory/look';
import { lookAtMachines } from '../../../lib/account/inventory/machines';
import { lookAtNetwork } from '../../../lib/account/inventory/vpc';

/** Everything of the neighbour `payroll`, to be compared with itself afterwards. */
export async function portrait(aws: Aws, vpc: string): Promise<readonly Leftover[]> {
  const search = { lab: 'nobody', vpcs: [vpc] };
  const volumes = { lab: 'payroll', vpcs: [] };
  const [network, interfaces, machines, around] = await Promise.all([
    lookAtNetwork(aws, search),
    lookAtInterfaces(aws, search),
    lookAtMachines(aws, volumes),
    lookAround(aws, 'payroll'),
  ]);
  const isTheirs = ({ kind, vpcs, tags }: Leftover) =>
    vpcs.includes(vpc) ||
    kind === 'cluster' ||
    kind === 'node-group' ||
    kind === 'log-group' ||
    Object.keys(tags).some((key) => key.endsWith('/payroll'));
  const all = [...network, ...interfaces, ...machines, ...around].filter(isTheirs);
  const once = new Map(all.map((item) => [keyOf(item), item]));
  return [...once.values()].sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
}
