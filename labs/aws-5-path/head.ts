import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 35,
  outcomes: [
    'follow a flow through every filter and route',
    'find the fault from the pattern of failures',
    'repair the one object that is wrong',
  ],
  conclusion:
    'The pattern of who fails names the kind of filter, and the list of hops names the object.',
  links: [
    {
      title: 'Reachability Analyzer, Amazon VPC',
      url: 'https://docs.aws.amazon.com/vpc/latest/reachability/what-is-reachability-analyzer.html',
    },
    {
      title: 'VPC Flow Logs',
      url: 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html',
    },
    {
      title: 'Network ACLs, Amazon VPC',
      url: 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html',
    },
    {
      title: 'Security groups, Amazon VPC',
      url: 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html',
    },
  ],
});
