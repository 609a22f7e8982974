import type { StageOf } from '../../charts';
import { defineLab } from '../../lib/lab/format';
import { asks, byAnswering, choose, count, words } from '../../lib/lab/words';
import { CALLS, OUTSIDE } from './application';
import head from './head';

export default defineLab<StageOf<'zt-1-map'>>({
  id: 'zt-1-map',
  level: 5,
  title: 'Zero trust 1: map dependencies from flows',
  goal: 'Turn the flows of a running application into a map of who needs whom, with nothing missing and nothing extra.',
  head,
  prerequisites: ['k8s-5-network-policy'],
  targets: ['local', 'kind', 'eks'],
  cost: 'cluster',
  environment: { kind: 'cluster', home: 'shop', calls: CALLS, outside: OUTSIDE },
  stages: [
    { name: 'open', about: 'The application runs; nothing is closed.', keeps: CALLS, closes: [] },
  ],
  start: 'open',
  steps: [
    {
      id: 'watch',
      task: 'Record the flows of the running application and list every dependency that crosses a namespace or leaves the cluster.',
      checks: [
        asks(
          words(
            {
              id: 'crossing',
              ask: 'Which workloads are called from another namespace? (names, separated by spaces)',
              because:
                'web and api by prometheus, billing by api and by prometheus. db is called by api alone, inside its namespace.',
            },
            'web',
            'api',
            'billing',
          ),
        ),
        asks(
          words(
            {
              id: 'leaving',
              ask: 'Which workload calls a host outside the cluster?',
              because: 'api calls the partner. Nothing else has business outside.',
            },
            'api',
          ),
        ),
      ],
      hints: [
        '`lab flows` writes a line for each call of the application; `lab capture api-0` shows the packets of one pod.',
        'In a cluster: `kubectl -n calico-system port-forward service/whisker 8081` and open it, or VPC flow logs with `pkt-srcaddr`.',
        'Reduce pods to workloads and source ports to nothing: what remains is the map.',
      ],
      solution: byAnswering,
      because:
        'The map is the list of rules you will need; what is not on it is what the default deny will close.',
    },
    {
      id: 'complete',
      task: 'Decide whether the map is complete.',
      checks: [
        asks(
          choose(
            {
              id: 'long-enough',
              ask: 'You watched for an hour. Which dependency do you miss?',
              because:
                'Jobs of the night, backups of the week, reports of the month, failover that never happened. Watch at least one full cycle of the business, then ask its owners.',
            },
            'the job that runs once a week',
            ['the calls to DNS', 'every call by name begins with one: an hour is full of them'],
            ['the busiest call of all', 'what is called most is seen first'],
          ),
        ),
        asks(
          choose(
            {
              id: 'debug-pod',
              ask: 'The pod `debug` made no call. What does the map say about it?',
              because:
                'A map lists what is used. What is not on it gets no rule and so stays closed.',
            },
            'nothing, and so it will be closed',
            [
              'that it must be allowed everything',
              'the map lists needs that were seen, and of this pod it saw none',
            ],
            ['that it is broken', 'a pod that makes no calls can be healthy'],
          ),
        ),
      ],
      hints: ['What happens at night?', 'What happens when a server dies?'],
      solution: byAnswering,
      because:
        'Observation proves that something is needed. It never proves that something is not.',
    },
  ],
  questions: [
    choose(
      {
        id: 'netstat',
        ask: 'A script runs `netstat -tnp | grep ESTABLISHED` in every container. What does it miss?',
        because:
          'It samples: a request of 20 ms is gone before it looks, UDP (all of DNS) is never ESTABLISHED, and many images have no netstat. It also leaves kube-system out, where DNS lives. Flow logs see every connection.',
      },
      'short connections and UDP',
      [
        'connections between namespaces',
        'a socket shows the other end’s address, whatever its namespace',
      ],
      [
        'connections that use a Service',
        'the socket is there all the same, with the Service’s address',
      ],
    ),
    choose(
      {
        id: 'vpc-flow-logs',
        ask: 'VPC flow logs show the address of the node where you expect the pod’s. Which field has the pod’s?',
        because:
          '`srcaddr` is the interface’s primary address for traffic of secondary ones; `pkt-srcaddr` is what the packet carried.',
      },
      'pkt-srcaddr',
      ['srcaddr', 'it holds the primary address of the interface, whichever pod sent the packet'],
      ['interface-id', 'it names the interface, and many pods share one'],
    ),
    count(
      {
        id: 'same-node-flows',
        ask: 'Two pods on one node talk to each other. How many records do VPC flow logs hold of it?',
        because:
          'The packet never leaves the node, so no interface of the VPC sees it. Only the node knows.',
      },
      0,
    ),
  ],
});
