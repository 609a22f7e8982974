import type { Service, World } from '../../model/world';
import type { TwoWorlds } from './differences';

/** What each Service of the required world leads to, compared with the Service in force; one line each. */
export const compareServices = ({ required, found }: TwoWorlds): readonly string[] =>
  required.services.flatMap((service) => {
    const name = `Service ${service.namespace}/${service.name}`;
    const other = found.services.find(
      (one) => one.namespace === service.namespace && one.name === service.name,
    );
    if (other === undefined) return [`${name} does not exist`];
    const parts = aspects(service, required);
    const others = aspects(other, found);
    return parts.flatMap(([what, value], i) =>
      value === others[i]?.[1] ? [] : [`${name}: ${what} differs from what the step asks`],
    );
  });

type Aspect = readonly [what: string, value: string];

function aspects(service: Service, world: World): readonly Aspect[] {
  const { loadBalancer, externalName = '', headless } = service;
  return [
    ['its kind of address', `${headless} ${externalName}`],
    ['its ports', JSON.stringify(service.ports.map((p) => [p.protocol, p.port]).sort())],
    ['where its connections go', JSON.stringify(backendsOf(service, world))],
    ['its traffic policy', `${service.externalTrafficPolicy} ${service.internalTrafficPolicy}`],
    ['how long a client stays with its pod', `${service.affinitySeconds ?? ''}`],
    [
      'its load balancer',
      loadBalancer === undefined
        ? ''
        : JSON.stringify([
            loadBalancer.targets,
            loadBalancer.scheme,
            loadBalancer.preserveClientIp,
            (loadBalancer.sourceRanges ?? []).map(({ address, prefix }) => `${address}/${prefix}`),
          ]),
    ],
  ];
}

/** The pods (or addresses) behind each port, and the port there. */
function backendsOf(service: Service, { pods }: World): readonly string[] {
  const podAt = new Map(
    pods.flatMap(({ namespace, name, addresses }) =>
      addresses.map((address) => [address, `${namespace}/${name}`] as const),
    ),
  );
  return service.ports
    .flatMap(({ port, backends }) =>
      backends
        .filter(({ ready }) => ready)
        .map(
          (backend) => `${port} ${podAt.get(backend.address) ?? backend.address} ${backend.port}`,
        ),
    )
    .sort();
}
