import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 25,
  outcomes: [
    'record the flows of an application',
    'reduce them to a dependency map',
    'check that nothing is missing or extra',
  ],
  conclusion:
    'Know what an application needs before you close anything: each line of the map is a rule of tomorrow.',
  links: [
    {
      title: 'Zero Trust Architecture, NIST SP 800-207',
      url: 'https://csrc.nist.gov/pubs/sp/800/207/final',
    },
    { title: 'Flow logs, Calico', url: 'https://docs.tigera.io/calico/latest/observability/' },
    {
      title: 'VPC Flow Logs',
      url: 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html',
    },
    { title: 'Hubble, Cilium', url: 'https://docs.cilium.io/en/stable/observability/hubble/' },
  ],
});
