import type { Command } from 'commander';
import { likely } from '../../model/nearest';
import { Failure } from '../../model/problem';
import { drawnLab } from '../../session/drawn';
import { derivedObjects, type ObjectInForce, objectsInForce } from '../../session/in-force';
import { clusterOf, stageWorld } from '../../session/lab-world';
import { runningLab } from '../../session/local/find';
import { templateObjects } from '../../session/template-objects';
import { EXIT, type ExitCode } from '../common/exit';
import { jsonOption, labOption } from '../common/options';
import type { Terminal } from '../common/terminal';

interface GetOptions {
  readonly lab?: string;
  readonly json?: true;
  readonly namespace?: string;
}

/** `lab get [kinds] [name]`: the objects in force in a running lab, as YAML. */
export function register(
  program: Command,
  terminal: Terminal,
  ended: (code: ExitCode) => void,
): void {
  jsonOption(labOption(program.command('get [kinds] [name]')))
    .description('the objects in force, as YAML: lab get networkpolicy, lab get service/web')
    .option('-n, --namespace <name>', 'objects of one namespace')
    .action(async (kinds: string | undefined, name: string | undefined, options: GetOptions) =>
      ended(await get(terminal, { kinds, name }, options)),
    );
}

interface Wanted {
  readonly kinds: string | undefined;
  readonly name: string | undefined;
}

async function get(terminal: Terminal, wanted: Wanted, options: GetOptions): Promise<ExitCode> {
  const running = await runningLab(options.lab);
  const lab = drawnLab(running.lab);
  clusterOf(lab);
  const { namespace } = options;
  const inScope = (one: ObjectInForce): boolean =>
    namespace === undefined || one.namespace === namespace;
  const written = [...objectsInForce(lab, running), ...templateObjects(lab, running)];
  const derived = derivedObjects(stageWorld(lab, running.stage, running));
  if (wanted.kinds === undefined) return listAll(terminal, written.filter(inScope), options);
  const found = select([...written, ...derived], wanted).filter(inScope);
  if (found.length === 0) {
    const what = [wanted.kinds, wanted.name].filter((word) => word !== undefined).join(' ');
    terminal.err(`nothing of the kind ${what} is in force in ${lab.id}`);
    return EXIT.differs;
  }
  if (options.json) terminal.out(JSON.stringify(found));
  else terminal.out(yamlOf(found));
  return EXIT.right;
}

/** Documents with where each is from; resources of a VPC make one template, as `lab apply` takes it. */
function yamlOf(found: readonly ObjectInForce[]): string {
  const isResource = ({ apiVersion }: ObjectInForce): boolean => apiVersion === 'AWS::EC2';
  const resources = found.filter(isResource).map(({ from, yaml }) => {
    const [, ...lines] = yaml.trimEnd().split('\n');
    return [`  # ${from}`, ...lines].join('\n');
  });
  const objects = found
    .filter((one) => !isResource(one))
    .map(({ from, yaml }) => `# ${from}\n${yaml.trimEnd()}`);
  const template = resources.length === 0 ? [] : [['Resources:', ...resources].join('\n')];
  return [...objects, ...template].join('\n---\n');
}

/** Without a kind: one line for each object, and where it is from. */
function listAll(
  terminal: Terminal,
  objects: readonly ObjectInForce[],
  { json }: GetOptions,
): ExitCode {
  if (json) terminal.out(JSON.stringify(objects));
  else {
    const names = objects.map(labelOf);
    const width = Math.max(0, ...names.map(({ length }) => length));
    for (const [i, { from }] of objects.entries())
      terminal.out(`${names[i]?.padEnd(width)}  ${from}`);
    terminal.out('\nNext: lab get <kind> prints YAML, such as lab get networkpolicy');
  }
  return EXIT.right;
}

const labelOf = ({ kind, namespace, name }: ObjectInForce): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;

/** Short names as kubectl has them, and kinds that belong together. */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  netpol: ['networkpolicy'],
  svc: ['service'],
  po: ['pod'],
  ns: ['namespace'],
  deploy: ['deployment'],
  gnp: ['globalnetworkpolicy'],
  eps: ['endpointslice'],
  ing: ['ingress'],
  nacl: ['networkacl', 'networkaclentry'],
  networkacl: ['networkacl', 'networkaclentry'],
  securitygroup: ['securitygroup', 'securitygroupingress', 'securitygroupegress'],
  routetable: ['routetable', 'route'],
};

/** Kinds that filter packets. */
const isPolicy = (kind: string): boolean =>
  /networkpolicy$|^tier$|^(global)?networkset$/i.test(kind);

function select(
  objects: readonly ObjectInForce[],
  { kinds = '', name }: Wanted,
): readonly ObjectInForce[] {
  const [only, named] = kinds.split('/');
  const words = (only ?? '').toLowerCase().split(',');
  const wanted = words.flatMap((word) => kindsOf(word, objects));
  return objects.filter(
    (one) => wanted.some((matches) => matches(one)) && (named ?? name ?? one.name) === one.name,
  );
}

type Matches = (one: ObjectInForce) => boolean;

function kindsOf(word: string, objects: readonly ObjectInForce[]): readonly Matches[] {
  if (word === 'all') return [() => true];
  if (word === 'policy' || word === 'policies') return [({ kind }) => isPolicy(kind)];
  const [kind = '', ...group] = word.split('.');
  const singular = singulars(kind);
  const names = singular.flatMap((one) => SHORT[one] ?? [one]);
  const known = [...new Set(objects.map((one) => one.kind.toLowerCase()))];
  const isKnown = names.some((one) => known.includes(one) || OTHER_KINDS.includes(one));
  if (!isKnown) throw unknownKind(word, known);
  const inGroup = ({ apiVersion }: ObjectInForce): boolean =>
    group.length === 0 || apiVersion.startsWith(`${group.join('.')}/`);
  return [(one) => names.includes(one.kind.toLowerCase()) && inGroup(one)];
}

/** Kinds that a lab may have at another stage. */
const OTHER_KINDS = [
  ...['networkpolicy', 'globalnetworkpolicy', 'networkset', 'globalnetworkset', 'tier', 'ippool'],
  ...['bgppeer', 'bgpconfiguration', 'ingress', 'gateway', 'httproute', 'securitygrouppolicy'],
  ...['stagednetworkpolicy', 'stagedglobalnetworkpolicy', 'stagedkubernetesnetworkpolicy'],
  ...['configmap', 'service', 'endpointslice', 'eniconfig'],
];

/** `policies` is `policy`, `services` is `service`; `ingress` ends in s by itself. */
const singulars = (kind: string): readonly string[] => [
  kind,
  ...(kind.endsWith('ies') ? [`${kind.slice(0, -3)}y`] : []),
  ...(kind.endsWith('es') ? [kind.slice(0, -2)] : []),
  ...(kind.endsWith('s') ? [kind.slice(0, -1)] : []),
];

function unknownKind(word: string, known: readonly string[]): Failure {
  const meant = likely(word, [...known, ...Object.keys(SHORT)]);
  return new Failure(
    'unknown-kind',
    `no object of kind '${word}' is in force`,
    meant === undefined ? `use one of ${known.join(', ')}, or policies` : `did you mean ${meant}?`,
  );
}
