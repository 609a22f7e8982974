import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import {
  allowed,
  asks,
  byAnswering,
  choose,
  count,
  holds,
  resolves,
  resolvesNot,
  stage,
} from '../../lib/lab/words';
import head from './head';
import { trials } from './trials';

export default defineLab<StageOf<'k8s-4-dns'>>({
  id: 'k8s-4-dns',
  level: 3,
  title: 'DNS in a cluster',
  goal: 'Predict what a name resolves to from a given pod, and tell a cut DNS from a closed path.',
  head,
  prerequisites: ['k8s-2-services'],
  targets: ['local', 'kind', 'eks'],
  cost: 'cluster',
  environment: { kind: 'cluster', home: 'shop' },
  stages: [
    {
      name: 'open',
      about: 'Services of every sort, and no policy.',
      keeps: ['client -> web:8080', 'client -> kube-system/coredns:53'],
      closes: [],
    },
    {
      name: 'cut',
      about: 'The client may call web, but not the DNS server.',
      keeps: ['client -> web:8080'],
      closes: ['client -> kube-system/coredns:53', 'client -> db:5432'],
    },
    {
      name: 'repaired',
      about: 'The client may call web and ask for names.',
      keeps: ['client -> web:8080', 'client -> kube-system/coredns:53'],
      closes: ['client -> db:5432'],
    },
  ],
  start: 'open',
  steps: [
    {
      id: 'names',
      task: 'From the client, resolve `web`, `web.stock`, `db` and `partner`, and say what each answers.',
      checks: [
        resolves('client', 'web', {
          to: ['svc:shop/web'],
          because: 'a short name is completed with the pod’s own namespace first',
        }),
        resolves('client', 'web.stock', {
          to: ['svc:stock/web'],
          because:
            'the second entry of the search list, svc.cluster.local, completes name.namespace',
        }),
        resolves('client', 'db', {
          to: ['db'],
          because: 'a headless Service answers with its pods',
        }),
        {
          kind: 'dns',
          from: 'client',
          name: 'partner',
          expect: { kind: 'alias', target: 'web.stock.svc.cluster.local' },
          because: 'an ExternalName is an alias',
        },
        asks(
          choose(
            {
              id: 'db-answers',
              ask: '`db` is headless over two pods. How many addresses does the answer hold?',
              because: 'One for each ready pod, in any order.',
            },
            'two, the pods’ own',
            [
              'one, the cluster address',
              'headless means clusterIP: None, so there is no such address to answer with',
            ],
            [
              'none',
              'without a cluster address DNS still knows the EndpointSlices: ask, and count',
            ],
          ),
        ),
      ],
      hints: [
        '`lab exec client-0 -- cat /etc/resolv.conf` shows the search list.',
        '`lab exec client-0 -- getent hosts web.stock`; `dig +search web.stock` shows it in full.',
      ],
      solution: byAnswering,
      because:
        'The search list is `shop.svc.cluster.local svc.cluster.local cluster.local`: the same short name means another Service in another namespace.',
    },
    {
      id: 'ndots',
      task: 'Count the questions that one look-up of `api.example.com` costs.',
      checks: [
        asks(
          count(
            {
              id: 'questions-external',
              ask: 'ndots is 5 and the search list has three entries. How many names are tried for `api.example.com`?',
              because:
                'It has two dots, fewer than five, so the three completed names come first, and the name itself last. For A and AAAA that is eight questions.',
            },
            4,
          ),
        ),
        asks(
          count(
            {
              id: 'questions-absolute',
              ask: 'And for `api.example.com.` with a dot at its end?',
              because: 'A final dot says: this is the whole name.',
            },
            1,
          ),
        ),
      ],
      hints: [
        'A name with fewer dots than `ndots` is tried with each search entry first.',
        '`lab capture client-0 -- udp port 53` while you resolve it.',
      ],
      solution: byAnswering,
      because:
        'ndots: 5 lets `_http._tcp.web.shop.svc` be short. Outside names pay for it; a final dot or a lower ndots (pod dnsConfig) is the cure.',
    },
    {
      id: 'cut',
      task: 'Enter the stage `cut`. The application reports that web is down. Find out what is really closed.',
      checks: [
        resolvesNot('client', 'web', {
          why: 'no-answer',
          because: 'the question to the DNS pods is dropped on its way out',
        }),
        allowed('client', 'web:8080', 'by address the path is open: web is not down at all'),
        asks(
          choose(
            {
              id: 'diagnosis',
              ask: 'By name: nothing. By address: connected. What is broken?',
              because:
                'An egress rule isolates the pod for everything it does not name, DNS included. The error looks like "bad address" or "temporary failure in name resolution", never like a refused connection.',
            },
            'the client’s way to DNS',
            ['the path to web', 'by address the connection opens: the path is whole'],
            ['the Service’s endpoints', 'then the name would resolve, and the connection fail'],
          ),
        ),
        holds('cut', 'The client may call web, but not the DNS server.'),
      ],
      hints: [
        'Try the pod’s address in place of its name.',
        '`lab explain client-0 kube-system/coredns-0:53/UDP` names who isolates the client.',
      ],
      solution: stage('cut'),
      trials: trials.cut,
      because: 'Two questions tell them apart: does the name resolve, and does the address answer?',
    },
    {
      id: 'repair',
      task: 'Let the client ask for names, over UDP and TCP, and open nothing else.',
      checks: [
        resolves('client', 'web', {
          to: ['svc:shop/web'],
          because: 'the way to DNS is open again',
        }),
        allowed('client', 'svc:shop/web:80', 'name, address, connection: all three work'),
        holds('repaired', 'The client may call web and ask for names.'),
      ],
      hints: [
        'The peer is in kube-system: namespaceSelector and podSelector in one item.',
        'An answer above the UDP size comes again over TCP: open both.',
      ],
      solution: stage('repaired'),
      trials: trials.repair,
      because:
        'Every egress policy needs its DNS rule. Most incidents after a default deny are this.',
    },
  ],
  questions: [
    choose(
      {
        id: 'pod-name',
        ask: 'A bare pod is called `nginx-1`. Does `nginx-1` resolve from its neighbour?',
        because:
          'Pods have names like 10-0-1-5.shop.pod.cluster.local; a pod’s own name is known only with a headless Service, hostname and subdomain. A Service of that name makes it work (`calico-1-policy-basics`).',
      },
      'no',
      [
        'yes',
        'the cluster’s DNS learns names from Services; a pod’s metadata.name alone is written nowhere',
      ],
      [
        'only in the same namespace',
        'the search list completes a name by the namespace, and completing adds no record',
      ],
    ),
    choose(
      {
        id: 'forward',
        ask: 'Who answers `example.com` for a pod?',
        because:
          'The Corefile’s `forward . /etc/resolv.conf` sends what is not in cluster.local to the node’s resolver: in a VPC that is its base address plus two.',
      },
      'CoreDNS asks the resolver of its node',
      [
        'the pod asks the VPC’s resolver by itself',
        'by default (ClusterFirst) the pod’s resolv.conf names one server, and it is the cluster’s own',
      ],
      [
        'no server: only cluster names resolve',
        'pods call hosts of the internet by name every day: read the Corefile to its end',
      ],
    ),
    choose(
      {
        id: 'label',
        ask: 'Which label do the DNS pods carry, even when they are CoreDNS?',
        because: 'The label kept its old name when CoreDNS replaced kube-dns; policies rely on it.',
      },
      'k8s-app: kube-dns',
      [
        'app: coredns',
        'applications label themselves with app; look at these: kubectl -n kube-system get pods --show-labels',
      ],
      [
        'k8s-app: coredns',
        'the Deployment is called coredns; its pods’ label is older than that name',
      ],
    ),
  ],
});
