import type { Command, Netns, Plan } from '../../dataplane/commands/command';
import { flushConntrack } from '../kernel/conntrack';
import type { Resolvers } from '../kernel/exec';
import { createLinkQueue, type LinkQueue } from '../kernel/link-queue';
import { linksSettled } from '../kernel/link-settle';
import { stateMessage } from '../kernel/links';
import type { Namespaces } from '../kernel/namespaces';
import { nft } from '../kernel/nft';
import { setBirthSysctls, setSysctl } from '../kernel/sysctl';
import { createWiring, type Wiring } from '../kernel/wiring';
import type { DnsServers } from '../servers/dns-server';
import type { HttpServers } from '../servers/http-servers';
import type { Listeners } from '../servers/listeners';
import type { Serving } from '../servers/serving';

/** What carrying out commands needs and changes. */
export interface ExecutorContext {
  readonly namespaces: Namespaces;
  readonly listeners: Listeners;
  readonly dnsServers: DnsServers;
  readonly httpServers: HttpServers;
  readonly serving: Serving;
  readonly resolvers: Resolvers;
}

export interface Executor {
  /** Carries out a plan; the first command that fails is thrown, and the rest is not begun. */
  run(plan: Plan, onProgress: (done: number) => void): Promise<void>;
  /** Namespaces that some ruleset was loaded into. */
  ruled(): readonly Netns[];
}

/** An executor that remembers cables from one plan to the next. */
export function createExecutor(context: ExecutorContext): Executor {
  const queue = createLinkQueue(context.namespaces);
  const wiring = createWiring(context.namespaces, queue);
  const ruled = new Set<Netns>();
  const tools: Tools = { ...context, queue, wiring, ruled };
  return {
    async run(plan, onProgress) {
      queue.discard();
      for (const [i, command] of plan.entries()) {
        await carryOut(tools, command);
        if (i % BREATH === BREATH - 1) {
          onProgress(i + 1);
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
      queue.flushAll();
      await linksSettled(context.namespaces, wiring.woken());
      onProgress(plan.length);
    },
    ruled: () => [...ruled],
  };
}

// After so many commands the event loop gets a turn: it must notice when its client is gone.
const BREATH = 200;

interface Tools extends ExecutorContext {
  readonly queue: LinkQueue;
  readonly wiring: Wiring;
  readonly ruled: Set<Netns>;
}

function carryOut(tools: Tools, command: Command): void | Promise<void> {
  const { namespaces, queue, resolvers, wiring } = tools;
  if (isService(command) && namespaces.isAdopted(command.netns)) return;
  switch (command.kind) {
    case 'add-netns':
      return addNetns(tools, command.netns);
    case 'remove-netns':
      return removeNetns(tools, command.netns);
    case 'set-sysctl':
      queue.flush(command.netns);
      if (setSysctl(namespaces, command) === 'forward') wiring.forward(command.netns);
      return;
    case 'load-ruleset':
      queue.flush(command.netns);
      tools.ruled.add(command.netns);
      return nft(namespaces, command.netns, command.ruleset);
    case 'flush-conntrack':
      return namespaces.enter(command.netns, flushConntrack);
    case 'listen':
      return tools.listeners.open(command.netns, command.listeners);
    case 'serve-dns':
      return tools.dnsServers.serve(command);
    case 'serve-http':
      return tools.httpServers.serve(command);
    case 'stop-http':
      return tools.httpServers.stop(command.netns);
    case 'set-resolver':
      resolvers.set(command.netns, command.resolvConf);
      return;
    default:
      return wiring.carryOut(command);
  }
}

type Service = Extract<
  Command,
  { readonly kind: 'listen' | 'serve-dns' | 'serve-http' | 'stop-http' }
>;

/** What the lab does in place of a pod's containers; where there is one, that is its own matter. */
const isService = (command: Command): command is Service =>
  ['listen', 'serve-dns', 'serve-http', 'stop-http'].includes(command.kind);

function addNetns({ namespaces, queue }: Tools, netns: Netns): void {
  namespaces.add(netns);
  namespaces.enter(netns, setBirthSysctls);
  queue.push(netns, stateMessage(`add-netns ${netns}`, LOOPBACK, 'up'));
}

const LOOPBACK = 1;

async function removeNetns(tools: Tools, netns: Netns): Promise<void> {
  const { namespaces, resolvers, serving, listeners, dnsServers, httpServers, wiring } = tools;
  if (!namespaces.has(netns)) return;
  await httpServers.stop(netns);
  serving.closeAll(netns);
  listeners.forget(netns);
  dnsServers.close(netns);
  resolvers.remove(netns);
  tools.ruled.delete(netns);
  wiring.clear(netns);
  namespaces.remove(netns);
}
