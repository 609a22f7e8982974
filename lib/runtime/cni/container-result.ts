import { familyOf, type Ip } from '../../model/address';
import { readResolvConf } from '../probes/resolv-conf';
import type { PodWiring } from '../sandbox/containers';
import type { LabNetworkConfig } from './spec/lab-request';
import { type CniDns, type CniResult, resultOf } from './spec/result';

/** What ADD answers about a container in a pod's place, read off the plan that wired it. */
export function resultFor(
  network: LabNetworkConfig,
  { pod, netns, plan }: PodWiring,
  sandbox: string,
): CniResult {
  const cable = plan.find((command) => command.kind === 'add-veth');
  if (cable === undefined) throw new Error(`the plan of ${netns} has no cable`);
  const [near, far] = cable.a.netns === netns ? [cable.a, cable.b] : [cable.b, cable.a];
  const ips = pod.addresses.map((address) => {
    const family = familyOf(address);
    const reaches = family === 4 ? '0.0.0.0/0' : '::/0';
    return { address, family, gateway: gatewayOf(plan, netns, family), reaches };
  });
  const attached = {
    hostDevice: far.device,
    hostMac: far.mac,
    device: near.device,
    mac: near.mac,
    sandbox,
    mtu: cable.mtu,
    ips,
  };
  const { cniVersion, prevResult } = network;
  return resultOf(cniVersion, attached, { prevResult, dns: dnsOf(network, plan) });
}

/** Names as the lab's own pods resolve them, unless the configuration says otherwise. */
function dnsOf({ dns }: LabNetworkConfig, plan: PodWiring['plan']): CniDns {
  if (Object.keys(dns).length > 0) return dns;
  const resolver = plan.find((command) => command.kind === 'set-resolver');
  if (resolver === undefined) return {};
  const { servers, search, ndots } = readResolvConf(resolver.resolvConf);
  return { nameservers: servers, search, options: [`ndots:${ndots}`] };
}

function gatewayOf(plan: PodWiring['plan'], netns: string, family: 4 | 6): Ip {
  const gateways = plan.flatMap((command) =>
    command.kind === 'add-route' &&
    command.netns === netns &&
    command.hop.kind === 'via' &&
    familyOf(command.to.address) === family
      ? [command.hop.gateway]
      : [],
  );
  const [gateway] = gateways;
  if (gateway === undefined) throw new Error(`the plan of ${netns} has no gateway`);
  return gateway;
}
