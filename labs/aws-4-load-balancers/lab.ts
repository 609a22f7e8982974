import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import { allowed, asks, choose, decidedBy, denied, holds, stage } from '../../lib/lab/words';
import head from './head';
import { trials } from './trials';

export default defineLab<StageOf<'aws-4-load-balancers'>>({
  id: 'aws-4-load-balancers',
  level: 4,
  title: 'Load balancers and the address of the client',
  goal: 'Say whom a pod sees as its client behind each kind of load balancer, and write the policy that admits it.',
  head,
  prerequisites: ['aws-2-sg-nacl', 'k8s-2-services'],
  targets: ['local'],
  cost: 'cluster-and-balancers',
  localLimits:
    'the balancer is modelled: its interfaces, its groups and whose address it shows to pods. Health checks and ALB rules need EKS.',
  environment: { kind: 'cluster', home: 'shop', network: 'aws-4-load-balancers' },
  stages: [
    {
      name: 'ip-open',
      about: 'An NLB with the pods as targets; no policy.',
      keeps: ['internet -> svc:shop/web:80'],
      closes: [],
    },
    {
      name: 'ip-wrong-source',
      about: 'A policy that admits the clients’ addresses.',
      keeps: [],
      closes: ['internet -> svc:shop/web:80'],
    },
    {
      name: 'ip-balancer',
      about: 'A policy that admits the balancer’s subnets.',
      keeps: ['internet -> svc:shop/web:80'],
      closes: [],
    },
    {
      name: 'ip-client',
      about: 'The NLB keeps the client’s address; the policy admits clients.',
      keeps: ['internet -> svc:shop/web:80'],
      closes: [],
    },
    {
      name: 'instance-local',
      about:
        'The nodes are the targets, `externalTrafficPolicy: Local`; the policy admits clients.',
      keeps: ['internet -> svc:shop/web:80'],
      closes: [],
    },
  ],
  start: 'ip-open',
  steps: [
    {
      id: 'wrong-source',
      task: 'Protect web: admit only clients from 203.0.113.0/24. Apply the policy, and explain why they are shut out.',
      checks: [
        denied('internet', 'svc:shop/web:80', 'the pod sees the balancer, not the client'),
        decidedBy('internet', 'svc:shop/web:80', {
          filter: 'network-policy',
          because: 'the source on the packet is an address of the public subnets',
        }),
        asks(
          choose(
            {
              id: 'seen-as-client',
              ask: 'NLB, ip targets, defaults. Whose address does the pod see?',
              because:
                'With ip targets the NLB opens its own connection from its interface, unless preserve_client_ip is switched on.',
            },
            'the load balancer’s',
            [
              'the client’s',
              'that is the default of instance targets; ip targets have another for TCP',
            ],
            ['the node’s', 'ip targets are pods: no port of a node is on the way'],
          ),
        ),
        holds('ip-wrong-source', 'A policy that admits the clients’ addresses.'),
      ],
      hints: ['`lab explain internet svc:shop/web:80` says which address was refused.'],
      solution: stage('ip-wrong-source'),
      trials: trials['wrong-source'],
      because: 'A policy judges the packet in front of it, not the person behind.',
    },
    {
      id: 'balancer',
      task: 'Admit the load balancer and nothing else.',
      checks: [
        allowed('internet', 'svc:shop/web:80', 'the public subnets’ block is admitted'),
        holds('ip-balancer', 'A policy that admits the balancer’s subnets.'),
      ],
      hints: [
        'Where do the balancer’s interfaces stand?',
        'An ipBlock of the public subnets: 10.0.128.0/18.',
      ],
      solution: stage('ip-balancer'),
      trials: trials.balancer,
      because:
        'Everybody who may use the balancer is now admitted: the choice of clients moves to the balancer’s security group.',
    },
    {
      id: 'keep-client',
      task: 'Let the balancer keep the client’s address, and admit clients by it.',
      checks: [
        allowed(
          'internet',
          'svc:shop/web:80',
          'the client’s own address arrives, and the policy admits it',
        ),
        asks(
          choose(
            {
              id: 'keep-cost',
              ask: 'What must change besides the policy when the client’s address is kept?',
              because:
                'The packets that reach the node now carry strangers’ addresses: its group must admit them, which the controller does by rules of its own.',
            },
            'the security group of the targets must admit the clients',
            ['the certificate', 'a certificate names the server, and that is the same as before'],
            [
              'the Service’s port',
              'the port is the same; it is the source of the packets that changes',
            ],
          ),
        ),
        holds('ip-client', 'The NLB keeps the client’s address; the policy admits clients.'),
      ],
      hints: ['Target group attribute `preserve_client_ip.enabled=true`.'],
      solution: stage('ip-client'),
      trials: trials['keep-client'],
      because:
        'Logs and policies see real clients; and a pod that calls its own balancer may find itself unreachable (hairpin).',
    },
    {
      id: 'instance',
      task: 'Switch the targets to instances (node ports), and keep the client visible.',
      checks: [
        allowed(
          'internet',
          'svc:shop/web:80',
          'no second node stands in between, so nothing hides the client',
        ),
        asks(
          choose(
            {
              id: 'cluster-policy',
              ask: 'With `externalTrafficPolicy: Cluster`, whom would the pod see?',
              because:
                'kube-proxy masquerades every packet that enters by a node port under this policy, also where the pod is on the node that was asked (chain KUBE-EXT of its iptables mode, "Using Source IP" in the Kubernetes documentation).',
            },
            'the node that was asked, always',
            [
              'always the client',
              'that is what Local is for: think of the way back when the pod is elsewhere',
            ],
            [
              'always the load balancer',
              'with instance targets the NLB keeps the client’s address; a later hop may replace it',
            ],
          ),
        ),
        holds(
          'instance-local',
          'The nodes are the targets, `externalTrafficPolicy: Local`; the policy admits clients.',
        ),
      ],
      hints: [
        '`externalTrafficPolicy: Local`.',
        'Nodes without such a pod fail the health check and get nothing.',
      ],
      solution: stage('instance-local'),
      trials: trials.instance,
      because:
        'One hop less and the client’s address, for uneven load: each node gets the same share, however many pods it has.',
    },
  ],
  questions: [
    choose(
      {
        id: 'alb-client',
        ask: 'An ALB stands in front. Where does the pod find the client’s address?',
        because:
          'An ALB reads HTTP and always connects from its own addresses; it writes the client into a header, which no NetworkPolicy can read.',
      },
      'in the header X-Forwarded-For',
      ['in the packet’s source', 'that is the ALB, which opens connections of its own'],
      ['nowhere', 'an ALB reads HTTP, and can write into it as well'],
    ),
    choose(
      {
        id: 'in-tree',
        ask: 'Many examples use the annotation `aws-load-balancer-type: "nlb"`. Whom is that value for?',
        because:
          'It is for the old in-tree controller. `external` (or the class service.k8s.aws/nlb) hands the Service to the AWS Load Balancer Controller, which can do ip targets; since 2.5 its webhook gives that class to every new Service of this type.',
      },
      'the old controller inside Kubernetes',
      [
        'the AWS Load Balancer Controller',
        'that one takes a Service whose annotation says `external`, or that names its class',
      ],
      ['kube-proxy', 'it writes rules on nodes, and builds nothing in AWS'],
    ),
    choose(
      {
        id: 'expose',
        ask: 'How do you publish HTTP services under paths of one name on EKS?',
        because:
          'Ingress (or Gateway API) with class alb; a Service of type LoadBalancer gives an NLB, one for each application.',
      },
      'Ingress with an ALB',
      ['one NLB for each path', 'an NLB reads no HTTP, so it cannot tell paths apart'],
      ['NodePorts', 'a port of every node has no name and does not look at paths'],
    ),
  ],
});
