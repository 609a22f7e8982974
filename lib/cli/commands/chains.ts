import type { Command } from 'commander';
import { kubeProxyIptables } from '../../dataplane/nft/iptables-text';
import { Failure } from '../../model/problem';
import type { NodeEndpoint, World } from '../../model/world';
import { withLocalSession } from '../../session/local/open';
import { EXIT, type ExitCode } from '../common/exit';
import { labOption } from '../common/options';
import type { Terminal } from '../common/terminal';

interface ChainsOptions {
  readonly node?: string;
  readonly lab?: string;
}

/**
 * `lab chains`: the Services of a running lab as kube-proxy's iptables mode would write them on a
 * node. The chains alone go to `out`, so that they can be piped.
 */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  labOption(program.command('chains'))
    .description('the iptables chains that kube-proxy would write on a node, to read')
    .option('--node <name>', 'which node; by default the first')
    .action(async (options: ChainsOptions) => ended(await chains(terminal, options)));
}

const chains = (terminal: Terminal, { node: named, lab }: ChainsOptions): Promise<ExitCode> =>
  withLocalSession(lab, async ({ local }) => {
    const world = local.world();
    const node = nodeNamed(world, named);
    terminal.out(kubeProxyIptables(world, node).trimEnd());
    terminal.err(`node ${node.name}, IPv4: to read beside what is loaded, which are nftables maps`);
    terminal.err(`Next: lab exec ${node.name} -- nft list ruleset`);
    return EXIT.right;
  });

/** @throws Failure `unknown-node` where the world has none of that name. */
function nodeNamed({ nodes }: World, named: string | undefined): NodeEndpoint {
  const node = named === undefined ? nodes[0] : nodes.find(({ name }) => name === named);
  if (node !== undefined) return node;
  const known = nodes.map(({ name }) => name).join(', ');
  throw new Failure('unknown-node', `no node has the name '${named ?? ''}'`, `use one of ${known}`);
}
