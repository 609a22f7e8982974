import type { CommandName } from './commands';

/** How help shows a command: what follows its name, and what it does. */
export interface CommandSummary {
  readonly usage: string;
  readonly description: string;
}

/**
 * Help of the whole program lists these, so that it loads no command. A test holds each against what the command
 * itself registers.
 */
export const SUMMARIES: Readonly<Record<CommandName, CommandSummary>> = {
  book: {
    usage: '[options]',
    description: 'the lab book in a browser: maps, matrices, an editor, checks, packets, terminals',
  },
  list: {
    usage: '[options]',
    description: 'the labs by level: where they run, what they cost, how far you are',
  },
  show: {
    usage: '[options] <id>',
    description: 'text and tasks of one lab, without hints, answers and solutions',
  },
  up: {
    usage: '[options] <id>',
    description: 'brings the environment up at its first stage, prints the next task',
  },
  check: {
    usage: '[options] [step]',
    description: 'checks the current step with real packets, and says what differs and why',
  },
  answer: {
    usage: '[options] <question> <words...>',
    description: "answers one of the lab's questions",
  },
  hint: {
    usage: '[options]',
    description: 'the next hint for the current step',
  },
  solve: {
    usage: '[options]',
    description: 'applies the solution of the current step',
  },
  stage: {
    usage: '[options] [name]',
    description:
      'moves to a policy stage, shows which flows change, and proves it; lists them without a name',
  },
  apply: {
    usage: '[options] <file>',
    description: 'puts your own manifests on top of the stage, and shows which flows change',
  },
  next: {
    usage: '[options]',
    description: 'where you are: the lab and step that come next, and what is left',
  },
  get: {
    usage: '[options] [kinds] [name]',
    description: 'the objects in force, as YAML: lab get networkpolicy, lab get service/web',
  },
  exam: {
    usage: '[options] [id]',
    description: 'a lab without explain, hints and solutions; without an id: goes on, or ends',
  },
  progress: {
    usage: '[options]',
    description: 'what you did in all labs: steps, hints, wrong answers, exams',
  },
  completion: {
    usage: '<shell>',
    description: 'completion for your shell: source <(lab completion bash)',
  },
  reset: {
    usage: '<id>',
    description: "forgets a lab's progress",
  },
  exec: {
    usage: '[options] <pod> <command...>',
    description: "a command inside the pod's (or node's) network namespace",
  },
  shell: {
    usage: '[options] <place>',
    description: 'your shell inside a pod, a node or a namespace; exit leaves it',
  },
  capture: {
    usage: '[options] <pod> [filter...]',
    description: 'packets of a pod or node as they pass; filter such as: tcp port 80 host 10.0.0.5',
  },
  chains: {
    usage: '[options]',
    description: 'the iptables chains that kube-proxy would write on a node, to read',
  },
  status: {
    usage: '[options]',
    description: 'labs that are up: stage, pods and their addresses, time left, cost so far',
  },
  extend: {
    usage: '[options] <hours>',
    description: 'more time for a lab that is up',
  },
  down: {
    usage: '[options] [id]',
    description: 'ends the environment, with an inventory that must be empty',
  },
  matrix: {
    usage: '[options]',
    description: 'predicted and observed reachability of all endpoints, and where they differ',
  },
  explain: {
    usage: '[options] <from> <to>',
    description:
      'every hop of a flow there and back, the rule that decided, and what would change it',
  },
  map: {
    usage: '[options] [lab]',
    description: 'who is isolated and which flows rules decide, as a picture or a list',
  },
  lint: {
    usage: '[options]',
    description: 'policies, network ACLs and security groups that do not do what they seem to do',
  },
  diff: {
    usage: '[options]',
    description: 'the flows that change between two stages, files or folders, by workload',
  },
  predict: {
    usage: '[options]',
    description: 'predicts flows, from any manifests and templates',
  },
  probe: {
    usage: '[options]',
    description: 'tries flows with real packets, in a local copy of the network',
  },
  compare: {
    usage: '[options]',
    description: 'predicts and probes flows, and shows where the two differ',
  },
  flows: {
    usage: '[options]',
    description: 'flow records of an application, tried with real packets: ours, Calico or VPC',
  },
  recommend: {
    usage: '[options]',
    description:
      'a small set of policies that keeps exactly the flows seen, also after the next deploy, proven by the engine',
  },
  cost: {
    usage: '[options] [id]',
    description: 'what a lab costs on EKS, line by line, from the synthesized templates',
  },
  sweep: {
    usage: '[options] <id>',
    description: 'removes everything of a lab from an AWS account; ends with an empty inventory',
  },
  export: {
    usage: '[options] <vpc...>',
    description: 'VPCs of an account as a CloudFormation template, to be judged; it only reads',
  },
  demo: {
    usage: '',
    description: 'one lab the whole way: synthesized, predicted and proven at every stage',
  },
  prove: {
    usage: '[options] [ids...]',
    description: 'the acceptance run: checks fail before a solution and pass after it',
  },
  speed: {
    usage: '[options]',
    description: 'measures the data paths of the local target, here and now',
  },
  doctor: {
    usage: '[options]',
    description: 'what this machine can do, and the fix for what is missing',
  },
};
