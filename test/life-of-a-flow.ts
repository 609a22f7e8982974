import { planWorld } from '../lib/dataplane/plan';
import type { SourceFile } from '../lib/model/problem';
import type { World } from '../lib/model/world';
import { createDirectory } from '../lib/reach/ends/directory';
import { createEngine } from '../lib/reach/engine';
import { route } from '../lib/reach/services/routing';
import { readTemplates } from '../lib/read/cloudformation/templates';
import { parseFlow } from '../lib/read/flows/flows';
import { newReport } from '../lib/read/schema/at';
import { readObjects } from '../lib/read/schema/documents';
import { readWorld } from '../lib/read/world';
import { explanationText } from '../lib/report/explanation';
import { PLAIN } from '../lib/report/palette';
import { readOf } from './build/reading';

/** A value of one stop on the way of a flow, and the function that it comes from. */
export interface Stop {
  readonly file: string;
  readonly function: string;
  readonly value: string;
}

/** Takes the flow `shop/web -> shop/db:5432` through the project, and notes the value at each stop. */
export function lifeOfAFlow(manifest: SourceFile, template: SourceFile): readonly Stop[] {
  const objects = [...readObjects([manifest], newReport())];
  const cloud = readOf(readTemplates([template]));
  const world = readOf(readWorld({ manifests: [manifest], templates: [template] }));
  const flow = parseFlow('shop/web', 'shop/db:5432', world);
  if ('problem' in flow) throw new Error(flow.problem);
  const routing = route(flow, createDirectory(world));
  const explanation = createEngine(world, { staged: 'as-written' }).explain(flow);
  return [
    {
      file: 'lib/read/schema/documents.ts',
      function: 'readObjects',
      value: objects.map(({ kind, value }) => `${kind} ${nameOf(value)}`).join('\n'),
    },
    {
      file: 'lib/read/cloudformation/templates.ts',
      function: 'readTemplates',
      value: cloud.vpcs
        .flatMap(({ subnets }) => subnets)
        .map(({ name, zone, cidrs }) =>
          JSON.stringify({ name, zone, cidrs: cidrs.map((c) => `${c.address}/${c.prefix}`) }),
        )
        .join('\n'),
    },
    {
      file: 'lib/read/world.ts',
      function: 'readWorld',
      value: worldText(world),
    },
    { file: 'lib/read/flows/flows.ts', function: 'parseFlow', value: JSON.stringify(flow) },
    {
      file: 'lib/reach/services/routing.ts',
      function: 'route',
      value:
        routing.kind === 'stopped'
          ? routing.verdict
          : routing.deliveries
              .map(({ sent }) => `${sent.source.address} -> ${sent.target.party.address}`)
              .join('\n'),
    },
    {
      file: 'lib/reach/engine.ts',
      function: 'createEngine',
      value: JSON.stringify({ verdict: explanation.verdict, by: explanation.by }, null, 2),
    },
    {
      file: 'lib/dataplane/plan.ts',
      function: 'planWorld',
      value: rulesNamed(world, 'shop/db-from-api').join('\n'),
    },
    {
      file: 'lib/report/explanation.ts',
      function: 'explanationText',
      value: explanationText(explanation, PLAIN),
    },
  ];
}

/** A name for a reader: the object as it was written is not checked yet. */
const nameOf = (value: unknown): string => {
  const { namespace, name } = (value as { metadata: { namespace: string; name: string } }).metadata;
  return `${namespace}/${name}`;
};

const worldText = ({ pods, policies }: World): string =>
  [
    ...pods.map(({ name, node, addresses }) => JSON.stringify({ pod: name, node, addresses })),
    ...policies.map(({ name, tier, order }) => JSON.stringify({ policy: name, tier, order })),
  ].join('\n');

/** The lines of the rulesets whose comment names this policy. */
const rulesNamed = (world: World, policy: string): readonly string[] =>
  planWorld(world)
    .flatMap((command) => (command.kind === 'load-ruleset' ? command.ruleset.split('\n') : []))
    .filter((line) => line.includes(`comment "network-policy ingress ${policy}`))
    .map((line) => line.trim());
