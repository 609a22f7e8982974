import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 40,
  outcomes: [
    'write stateful and stateless filter rules',
    'order rules so that the intended one decides',
    'choose between drop and reject',
  ],
  conclusion:
    'A stateful filter needs one rule for a connection; a stateless one needs a second rule for the replies.',
  links: [
    { title: 'nft(8)', url: 'https://www.netfilter.org/projects/nftables/manpage.html' },
    { title: 'iptables(8)', url: 'https://man7.org/linux/man-pages/man8/iptables.8.html' },
    { title: 'conntrack-tools manual', url: 'https://conntrack-tools.netfilter.org/manual.html' },
    {
      title: 'Network ACLs, Amazon VPC',
      url: 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html',
    },
  ],
});
