import type { Flow } from '../../lib/model/flow';
import type { World } from '../../lib/model/world';
import { createEngine } from '../../lib/reach/engine';
import { flip } from '../../lib/reach/questions/flip';
import { lookup } from '../../lib/reach/questions/lookup';
import { explanationText } from '../../lib/report/explanation';
import { PLAIN } from '../../lib/report/palette';
import {
  calico,
  clusterPolicy,
  flow,
  namespace,
  networkPolicy,
  node,
  pod,
  service,
} from '../build/manifests';
import { vpcWorld } from '../build/production-vpc';
import { worldOf } from '../build/world-of';

/** A flow worth reading about, in a world of its own. */
interface Told {
  readonly title: string;
  readonly world: World;
  readonly flow: Flow;
}

const app = (name: string) => ({ podSelector: { matchLabels: { app: name } } });
const shop = [
  ...[namespace('shop', { team: 'shop' }), namespace('kube-system')],
  ...[node('a', '10.1.0.1'), node('b', '10.1.0.2')],
  pod('shop/web', { labels: { app: 'web' }, node: 'a', ip: '10.0.0.10' }),
  pod('shop/db', { labels: { app: 'db' }, node: 'b', ip: '10.0.0.11', ports: [5432] }),
  pod('kube-system/dns', { labels: { app: 'dns' }, node: 'a', ip: '10.0.0.53', ports: [53] }),
  service('shop/db', { port: 5432, selector: { app: 'db' }, clusterIP: '10.96.0.7' }),
  service('kube-system/kube-dns', {
    port: 53,
    selector: { app: 'dns' },
    clusterIP: '10.96.0.10',
    ports: [{ port: 53, protocol: 'UDP' }],
  }),
];
const closed = networkPolicy('shop/default-deny', { policyTypes: ['Ingress', 'Egress'] });
const webOut = networkPolicy('shop/web', {
  ...app('web'),
  policyTypes: ['Egress'],
  egress: [{ to: [app('db')], ports: [{ port: 5432 }] }],
});
const dbIn = networkPolicy('shop/db', {
  ...app('db'),
  ingress: [{ from: [app('web')], ports: [{ port: 5432 }] }],
});
const dnsOut = networkPolicy('shop/dns', {
  policyTypes: ['Egress'],
  egress: [{ to: [{ namespaceSelector: {} }], ports: [{ protocol: 'UDP', port: 53 }] }],
});
const audit = calico('Tier', 'audit', { order: 10 });
const auditing = (action: string) =>
  calico('GlobalNetworkPolicy', 'audit.known', {
    tier: 'audit',
    selector: "app == 'db'",
    types: ['Ingress'],
    ingress: [{ action, source: { selector: "app == 'web'" } }],
  });
const admin = clusterPolicy('no-databases', {
  tier: 'Admin',
  priority: 5,
  subject: { namespaces: {} },
  ingress: [
    {
      action: 'Deny',
      from: [{ namespaces: { matchLabels: { team: 'shop' } } }],
      protocols: [{ tcp: { destinationPort: { number: 5432 } } }],
    },
  ],
});

const call = flow('shop/web', 'svc:shop/db', 5432);

/** The production network, where somebody opened the services' ports out of the pods and no more. */
function forgotten(): World {
  const world = vpcWorld();
  const ports = { first: 0, last: 32_767 };
  return {
    ...world,
    vpcs: world.vpcs.map((vpc) => ({
      ...vpc,
      networkAcls: vpc.networkAcls.map((acl) =>
        acl.name === 'Acl-pods'
          ? { ...acl, egress: acl.egress.map((line) => ({ ...line, ports })) }
          : acl,
      ),
    })),
  };
}

const inShop = (title: string, asked: Flow, ...policies: readonly unknown[]): Told => ({
  title,
  flow: asked,
  world: worldOf([...shop, ...policies]),
});

/** Ten flows that each teach something else. */
export const tenFlows = (): readonly Told[] => [
  inShop('allowed: a rule on each side', call, closed, webOut, dbIn, dnsOut),
  inShop('denied: both sides are closed', call, closed),
  inShop('denied: one port is missing', flow('shop/web', 'shop/db', 22), dbIn),
  inShop('allowed by address, cut at DNS', call, closed, webOut, dbIn),
  inShop(
    'denied at the end of a tier',
    flow('kube-system/dns', 'shop/db', 5432),
    audit,
    auditing('Allow'),
    dbIn,
  ),
  inShop('allowed by Pass', call, audit, auditing('Pass')),
  inShop('denied by an administrator, whatever the namespace allows', call, admin, dbIn),
  inShop(
    'no route: nobody stands behind the Service',
    flow('shop/web', 'svc:shop/old', 80),
    service('shop/old', { port: 80, selector: { app: 'old' }, clusterIP: '10.96.0.8' }),
  ),
  {
    title: 'through the VPC, between two zones',
    world: vpcWorld(),
    flow: flow('shop/web-a', 'shop/web-b', 8080),
  },
  {
    title: 'denied: the network ACL forgot the replies',
    world: forgotten(),
    flow: flow('shop/web-a', 'shop/web-b', 8080),
  },
];

/** One flow with everything `lab explain` says of it. */
export function tell({ title, world, flow: asked }: Told): string {
  const options = { staged: 'as-written' } as const;
  const engine = createEngine(world, options);
  const explanation = engine.explain(asked);
  const turned = flip(world, explanation, options);
  const named = lookup(world, engine, asked);
  const all = { ...explanation, ...(turned && { flip: turned }), ...(named && { lookup: named }) };
  return `# ${title}\n\n${explanationText(all, PLAIN)}\n`;
}
