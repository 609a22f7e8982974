import type { Ip } from '../../model/address';
import { formatEnd } from '../../model/flow';
import type { Service, World } from '../../model/world';
import type { MatrixAim } from '../matrix/types';

/** Names of the Services that are another in the one world than in the other, addresses and nodes aside. */
export function changedServices(before: World, after: World): ReadonlySet<string> {
  const [old, young] = [before, after].map(portraits);
  const names = new Set([...(old?.keys() ?? []), ...(young?.keys() ?? [])]);
  return new Set([...names].filter((name) => old?.get(name) !== young?.get(name)));
}

/** Every port of the Services with these names. */
export const serviceAims = (
  { services }: World,
  names: ReadonlySet<string>,
): readonly MatrixAim[] =>
  services
    .filter((service) => names.has(nameOf(service)))
    .flatMap(({ namespace, name, ports }) =>
      ports.map(({ protocol, port }): MatrixAim => {
        return { to: { kind: 'service', namespace, name }, protocol, port };
      }),
    );

const nameOf = ({ namespace, name }: Service): string =>
  formatEnd({ kind: 'service', namespace, name });

/** What a Service is, in a text to compare: its backends by the pods' names. */
function portraits({ services, pods }: World): ReadonlyMap<string, string> {
  const podAt = new Map<Ip, string>(
    pods.flatMap(({ namespace, name, addresses }) =>
      addresses.map((address) => [address, `${namespace}/${name}`] as const),
    ),
  );
  return new Map(
    services.map((service) => {
      const { clusterIps, loadBalancer, ports, endpoints, ...rest } = service;
      const { addresses, ...balancer } = loadBalancer ?? {};
      const served = ports.map(({ backends, ...port }) => ({
        ...port,
        backends: backends.map(({ address, port: target, ready }) => ({
          target,
          ready,
          pod: podAt.get(address) ?? address,
        })),
      }));
      const listed = endpoints?.map(({ address, ...endpoint }) => ({
        ...endpoint,
        pod: podAt.get(address) ?? address,
      }));
      const shape = [rest, served, listed, balancer, clusterIps.length, addresses?.length];
      return [nameOf(service), JSON.stringify(shape)];
    }),
  );
}
