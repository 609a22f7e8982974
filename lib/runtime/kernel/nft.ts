import type { Netns } from '../../dataplane/commands/command';
import { Failure } from '../../model/problem';
import type { Namespaces } from './namespaces';
import { type Finished, run } from './spawn';

/**
 * Gives nft a ruleset inside a namespace: one process is one transaction, all of it or nothing.
 * Throws an error with nft's own words, or `Failure` `no-nftables` where there is no nft.
 */
export async function nft(namespaces: Namespaces, netns: Netns, ruleset: string): Promise<void> {
  const load = () => run(['nft', '-f', '-'], { stdin: ruleset });
  checkNft(`load-ruleset ${netns}`, await namespaces.enter(netns, load));
}

/** The ruleset of a namespace as JSON, elements of sets left out. */
export async function listRuleset(namespaces: Namespaces, netns: Netns): Promise<string> {
  const list = () => run(['nft', '--json', '--terse', 'list', 'ruleset']);
  return checkNft(`list ruleset of ${netns}`, await namespaces.enter(netns, list)).stdout;
}

function checkNft(label: string, finished: Finished): Finished {
  const { code, stderr } = finished;
  if (code === 0) return finished;
  if (/ENOENT|EACCES/.test(stderr)) {
    throw new Failure('no-nftables', `nft cannot be started (${stderr.trim()})`, FIX);
  }
  throw new Error(`${label}: nft: ${stderr.trim()}`);
}

const FIX = 'apt-get install nftables';
