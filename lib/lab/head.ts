import type { Problem } from '../model/problem';

/** A page of an official documentation that explains the subject of a lab further. */
export interface ReadingLink {
  readonly title: string;
  /** Starts with https, at a host of `OFFICIAL_HOSTS`. */
  readonly url: string;
}

/** What a learner reads before a lab is chosen, and what stays after it. */
export interface LabHead {
  /** Minutes that a careful reader needs, text and tasks together: 10 to 240. */
  readonly minutes: number;
  /** What one can do after it: three, each begins with a verb. */
  readonly outcomes: readonly string[];
  /** What the lab showed, in one sentence. */
  readonly conclusion: string;
  /** Three to five official documents to read on. */
  readonly links: readonly ReadingLink[];
}

/** Declares the head of a lab, in a file of its own beside `lab.ts`. */
export const defineHead = (head: LabHead): LabHead => head;

/** Where official documents are: of standards, of the kernel, of Kubernetes, of AWS and of each product. */
export const OFFICIAL_HOSTS = [
  'coredns.io',
  'conntrack-tools.netfilter.org',
  'csrc.nist.gov',
  'docs.aws.amazon.com',
  'docs.cilium.io',
  'docs.docker.com',
  'docs.kernel.org',
  'docs.suricata.io',
  'docs.tigera.io',
  'gateway-api.sigs.k8s.io',
  'github.com',
  'istio.io',
  'kind.sigs.k8s.io',
  'kubernetes-sigs.github.io',
  'kubernetes.io',
  'kyverno.io',
  'man7.org',
  'multicluster.sigs.k8s.io',
  'wiki.nftables.org',
  'www.cni.dev',
  'www.netfilter.org',
  'www.rfc-editor.org',
  'www.tcpdump.org',
] as const;

/** States of mind cannot be observed: an outcome names an act. */
const UNOBSERVABLE = ['know', 'learn', 'understand', 'see', 'be', 'have'];

/** All problems of a head, with paths below `head`. */
export function headProblems(file: string, head: LabHead): readonly Problem[] {
  const problems: Problem[] = [];
  const report = (path: string, problem: string, fix: string): void => {
    problems.push({ file, document: 0, path: `head.${path}`, problem, fix });
  };
  const { minutes, outcomes, links } = head;
  if (!Number.isInteger(minutes) || minutes < 10 || minutes > 240)
    report('minutes', `'${minutes}' is not a number of minutes`, 'use a whole number, 10 to 240');
  if (outcomes.length !== 3) report('outcomes', `it has ${outcomes.length} outcomes`, 'name three');
  for (const [i, outcome] of outcomes.entries()) {
    const verb = outcome.split(' ')[0] ?? '';
    if (!/^[a-z]+$/.test(verb) || UNOBSERVABLE.includes(verb))
      report(`outcomes[${i}]`, `'${verb}' is not a verb of something one does`, 'begin with one');
  }
  if (!/^[^.!?]+(\.[a-z0-9][^.!?]*)*\.$/i.test(head.conclusion))
    report('conclusion', 'it is not one sentence', 'write one sentence with a full stop');
  if (links.length < 3 || links.length > 5)
    report('links', `it has ${links.length} links`, 'name three to five official documents');
  for (const [i, { url }] of links.entries())
    if (!isOfficial(url)) report(`links[${i}]`, `'${url}' is not official`, 'use OFFICIAL_HOSTS');
  return problems;
}

const isOfficial = (url: string): boolean =>
  URL.canParse(url) &&
  new URL(url).protocol === 'https:' &&
  OFFICIAL_HOSTS.some((host) => host === new URL(url).hostname);
