import type { MachineDevice, MachineNetwork } from '../model/machines';
import type { Lab } from './format';
import type { ShellLine } from './shell-line';

interface Device {
  readonly name: string;
  readonly type: MachineDevice['type'];
  netns: string;
  master?: string;
  peer?: Device;
  readonly addresses: string[];
}

interface Laid {
  readonly machines: string[];
  readonly devices: Device[];
}

/**
 * The devices and cables of a Linux lab at the step that has most of them, read from the `ip` commands
 * that prepare the lab and that its solutions type (iproute2: ip-link(8), ip-netns(8)). Devices that
 * other programs make are not known.
 */
export function machineNetwork(lab: Lab<string>): MachineNetwork {
  const { environment } = lab;
  if (environment.kind !== 'linux') return { machines: [], cables: [] };
  const laid: Laid = { machines: environment.machines.map(({ name }) => name), devices: [] };
  const parts = [
    environment.prepare,
    ...lab.steps.map(({ solution }) => (solution.kind === 'commands' ? solution.commands : [])),
  ];
  const listens = new Map(
    environment.machines.map(({ name, listens: ports = [] }) => [name, ports]),
  );
  const states = parts.map((lines) => {
    for (const line of lines) lay(laid, line);
    return pictured(laid, listens);
  });
  return states.reduce((best, one) => (sizeOf(one) > sizeOf(best) ? one : best));
}

const sizeOf = ({ machines, cables }: MachineNetwork): number =>
  cables.length * 100 + machines.reduce((sum, { devices }) => sum + devices.length, 0);

function pictured(
  { machines, devices }: Laid,
  listens: ReadonlyMap<string, readonly number[]>,
): MachineNetwork {
  return {
    machines: machines.map((name) => ({
      name,
      listens: listens.get(name) ?? [],
      devices: devices
        .filter(({ netns }) => netns === name)
        .map(({ name: device, type, addresses, master }): MachineDevice => {
          const own = { name: device, type, addresses: [...addresses] };
          return master === undefined ? own : { ...own, master };
        }),
    })),
    cables: devices.flatMap((device, i) => {
      const { peer } = device;
      if (peer === undefined || devices.indexOf(peer) < i) return [];
      const end = (one: Device) => ({ machine: one.netns, device: one.name });
      return [{ a: end(device), b: end(peer) }];
    }),
  };
}

/** What one line changes; lines that lay nothing are skipped. */
function lay(laid: Laid, { in: machine, run }: ShellLine): void {
  const [, exec, flag, rest = run.replace(/^ip /, '')] =
    /^ip (?:netns exec (\S+) ip|-n (\S+)) (.*)$/.exec(run) ?? [];
  const netns = exec ?? flag ?? machine;
  const command = rest;
  const add = /^netns add (\S+)$/.exec(command);
  if (add?.[1] !== undefined && !laid.machines.includes(add[1])) laid.machines.push(add[1]);
  layLink(laid, netns, command);
  layAddress(laid, netns, command);
  const gone = /^netns del(?:ete)? (\S+)$/.exec(command)?.[1];
  if (gone !== undefined) {
    laid.machines.splice(0, laid.machines.length, ...laid.machines.filter((name) => name !== gone));
    for (const device of laid.devices.filter((one) => one.netns === gone)) remove(laid, device);
  }
}

function layLink(laid: Laid, netns: string, command: string): void {
  const words = command.split(/\s+/);
  if (words[0] !== 'link') return;
  const at = (word: string): string | undefined => {
    const place = words.indexOf(word, 2);
    return place === -1 ? undefined : words[place + 1];
  };
  const [, verb] = words;
  const name = words[2] === 'dev' || words[2] === 'name' ? words[3] : words[2];
  if (name === undefined) return;
  const known = laid.devices.find((one) => one.name === name && one.netns === netns);
  if (verb === 'add') addLink(laid, netns, name, words);
  if (known === undefined || verb === 'add') return;
  if (verb === 'del' || verb === 'delete') remove(laid, known);
  const [moved, master] = [at('netns'), at('master')];
  if (verb === 'set' && moved !== undefined) known.netns = moved;
  if (verb === 'set' && master !== undefined) known.master = master;
}

function addLink(laid: Laid, netns: string, name: string, words: readonly string[]): void {
  const type = words[words.indexOf('type') + 1];
  const peerAt = words.indexOf('peer');
  const own = words.slice(3, peerAt === -1 ? undefined : words.indexOf('type'));
  const home = own.includes('netns') ? (own[own.indexOf('netns') + 1] ?? netns) : netns;
  const kind = type === 'veth' || type === 'bridge' ? type : 'other';
  const device: Device = { name, type: kind, netns: home, addresses: [] };
  laid.devices.push(device);
  if (peerAt === -1) return;
  const far = words.slice(peerAt);
  const peerName = far[far.indexOf('name') + 1] ?? `${name}-peer`;
  const peerHome = far.includes('netns') ? (far[far.indexOf('netns') + 1] ?? netns) : netns;
  const peer: Device = {
    name: peerName,
    type: 'veth',
    netns: peerHome,
    addresses: [],
    peer: device,
  };
  device.peer = peer;
  laid.devices.push(peer);
}

function layAddress(laid: Laid, netns: string, command: string): void {
  const [, address, name] = /^addr(?:ess)? add (\S+) (?:brd \S+ )?dev (\S+)/.exec(command) ?? [];
  const device = laid.devices.find((one) => one.name === name && one.netns === netns);
  if (address !== undefined) device?.addresses.push(address);
}

/** A cable goes with either of its ends. */
function remove(laid: Laid, device: Device): void {
  const gone = new Set([device, device.peer]);
  laid.devices.splice(0, laid.devices.length, ...laid.devices.filter((one) => !gone.has(one)));
}
