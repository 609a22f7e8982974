import { execFileSync } from 'node:child_process';
import { parse, stringify } from 'yaml';
import type { Command } from '../../../../lib/dataplane/commands/command';
import { podDevice } from '../../../../lib/dataplane/commands/names';
import { compilePolicies } from '../../../../lib/dataplane/nft/policies';
import { type NftTable, switchTable } from '../../../../lib/dataplane/nft/ruleset';
import { systemClock as clock } from '../../../../lib/model/clock';
import type { World } from '../../../../lib/model/world';
import { readWorld } from '../../../../lib/read/world';
import type { ControlPlane } from './control-plane';
import type { Machine } from './machine';

/** Enforces policies on a node, as a network plugin's agent does. */
export interface Enforcer {
  /** Ends it; rejects with what it failed at. */
  stop(): Promise<void>;
}

const KINDS = 'namespaces,nodes,pods,networkpolicies.v1.networking.k8s.io';

/**
 * Reads again and again what the cluster says of itself, as this project reads manifests, and loads
 * the rules that this project compiles from it into the node's own network.
 */
export function startEnforcer(machine: Machine, plane: ControlPlane): Enforcer {
  let isOver = false;
  const loop = async (): Promise<void> => {
    let before: NftTable | undefined;
    while (!isOver) {
      const after = await tableOf(machine, plane);
      for (const command of switchTable('node', before, after)) load(machine, command);
      before = after;
      await clock.sleep(250);
    }
  };
  const running = loop();
  // Nobody waits for it before it is stopped; then it says why it ended.
  running.catch(() => undefined);
  return {
    stop: () => {
      isOver = true;
      return running;
    },
  };
}

async function tableOf(machine: Machine, plane: ControlPlane): Promise<NftTable> {
  const { code, stdout, stderr } = await plane.kubectl(['get', KINDS, '-A', '-o', 'yaml']);
  if (code !== 0) throw new Error(stderr);
  const world = worldOf(stdout);
  const [node] = world.nodes;
  if (node === undefined) throw new Error('no node is there');
  const options = { staged: 'as-written', bridge: undefined, tunnelPort: undefined } as const;
  const table = compilePolicies(world, options)(node);
  return withDevices(table, world, devicesIn(machine));
}

/** The cluster as it is now: pods that have no address yet meet no rule. */
function worldOf(text: string): World {
  const list = parse(text) as { readonly items: readonly Listed[] };
  const items = list.items.filter((item) => item.kind !== 'Pod' || item.status?.podIP);
  const manifests = [{ path: 'cluster.yaml', text: stringify({ ...list, items }) }];
  const reading = readWorld({ manifests });
  if (reading.kind === 'problems') throw new Error(JSON.stringify(reading.problems, null, 2));
  return reading.value;
}

interface Listed {
  readonly kind: string;
  readonly status?: { readonly podIP?: string };
}

/** The cable of each pod's address: the plugin names it by the container, the compiler by the pod. */
function devicesIn(machine: Machine): ReadonlyMap<string, string> {
  const routes: readonly { readonly dst: string; readonly dev: string }[] = JSON.parse(
    machine.run('ip', '-json', 'route', 'show'),
  );
  return new Map(routes.map(({ dst, dev }) => [dst, dev]));
}

function withDevices(
  table: NftTable,
  { pods }: World,
  devices: ReadonlyMap<string, string>,
): NftTable {
  let text = JSON.stringify(table);
  for (const pod of pods) {
    const device = devices.get(pod.addresses[0] ?? '');
    if (device !== undefined) text = text.replaceAll(podDevice(pod), device);
  }
  return JSON.parse(text);
}

function load({ inside }: Machine, command: Command): void {
  if (command.kind !== 'load-ruleset') throw new Error(`unexpected: ${command.kind}`);
  const [file = '', ...args] = [...inside, 'nft', '-f', '-'];
  execFileSync(file, args, { input: command.ruleset, stdio: ['pipe', 'pipe', 'pipe'] });
}
