import type { PluginVerdict } from '../../../model/plugin-capability';
import type { PluginBench } from './bench';
import {
  hostDevices,
  isIn,
  isVerdict,
  reaches,
  readAdd,
  refusalProblem,
  right,
  stateOf,
  wrong,
} from './look';
import type { PluginTrial } from './trial';

/**
 * ADD of two pods: each has what the result says, and reaches the other. An interface of another name, unknown
 * keys, and a namespace that is not there are tried too.
 */
export const tryAdd: PluginTrial = async (bench, subnet) => {
  const first = addOne(bench, subnet);
  if (isVerdict(first)) return first;
  const second = addOne(bench, subnet);
  if (isVerdict(second)) return second;
  if (first.address === second.address)
    return wrong(
      `both pods got ${first.address}`,
      'an address is given to one pod alone',
      'where do you keep what is taken?',
    );
  if (!reaches(bench, undefined, second.address))
    return wrong(
      `the host does not reach ${second.address}`,
      'the kubelet must reach the pods of its node',
      `ip route get ${second.address}`,
    );
  if (!reaches(bench, first.pod, second.address))
    return wrong(
      `the first pod does not reach ${second.address}`,
      'every pod reaches every other pod',
      'route of the pod, route of the host, net.ipv4.ip_forward',
    );
  return otherName(bench) ?? noNamespace(bench) ?? right(`${first.address} and ${second.address}`);
};

interface Added {
  readonly pod: string;
  readonly address: string;
}

function addOne(bench: PluginBench, subnet: string): Added | PluginVerdict {
  const pod = bench.pod();
  const config = bench.config({ runtimeConfig: {}, 'x.example/unknown': true });
  const answer = readAdd(bench.call({ command: 'ADD', pod, config }), pod);
  if (isVerdict(answer)) return answer;
  const state = stateOf(bench, pod);
  const look = `ip -n ${pod} addr`;
  const [address = ''] = answer.address.split('/');
  if (state === undefined) return wrong('the pod has no eth0', 'the result names one', look);
  if (!state.addresses.includes(answer.address))
    return wrong(
      `eth0 has ${state.addresses.join(', ') || 'no address'}, the result says ${answer.address}`,
      'the result must say what was done',
      look,
    );
  if (!isIn(address, subnet))
    return wrong(
      `the pod got ${address}`,
      `the configuration gives the subnet ${subnet}: read it from standard input`,
      'key subnet',
    );
  if (!state.isUp) return wrong('eth0 is down', 'set it up', look);
  if (!state.hasDefaultRoute)
    return wrong('the pod has no default route', 'it reaches its own subnet alone', 'ip route');
  return { pod, address };
}

/** CNI_IFNAME says the name of the interface. */
function otherName(bench: PluginBench): PluginVerdict | undefined {
  const pod = bench.pod();
  const call = { command: 'ADD', pod, ifname: 'net1', config: bench.config() };
  bench.call(call);
  const found = stateOf(bench, pod, 'net1') !== undefined;
  bench.call({ ...call, command: 'DEL' });
  return found
    ? undefined
    : wrong('with CNI_IFNAME=net1 there is no net1', 'the runtime chooses the name', 'CNI_IFNAME');
}

/** An ADD that fails says so, and leaves nothing behind. */
function noNamespace(bench: PluginBench): PluginVerdict | undefined {
  const before = hostDevices(bench);
  const call = { command: 'ADD', pod: 'gone', netns: '/run/netns/gone', config: bench.config() };
  const problem = refusalProblem('ADD into a namespace that is not there', bench.call(call));
  if (problem !== undefined) return problem;
  const left = hostDevices(bench).filter((device) => !before.includes(device));
  return left.length === 0
    ? undefined
    : wrong(`the host has ${left.join(', ')} now`, 'an ADD that fails undoes its work', 'ip link');
}
