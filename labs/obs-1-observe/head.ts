import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 35,
  outcomes: [
    'find a denied flow in each kind of log',
    'name the policy behind it',
    'state what each log cannot see',
  ],
  conclusion:
    'Choose the log by what it sees: a VPC flow log does not name policies, and a policy log has only pods that it manages.',
  links: [
    { title: 'Flow logs, Calico', url: 'https://docs.tigera.io/calico/latest/observability/' },
    {
      title: 'VPC Flow Logs',
      url: 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html',
    },
    { title: 'Hubble, Cilium', url: 'https://docs.cilium.io/en/stable/observability/hubble/' },
    { title: 'Suricata user guide', url: 'https://docs.suricata.io/en/latest/' },
  ],
});
