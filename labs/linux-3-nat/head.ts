import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 35,
  outcomes: [
    'route namespaces through their host',
    'translate their source address by masquerading',
    'publish a port of a namespace by DNAT',
  ],
  conclusion:
    'Source translation lets private addresses out, destination translation lets a connection in, and connection tracking undoes both for the replies.',
  links: [
    { title: 'IP sysctl, Linux kernel', url: 'https://docs.kernel.org/networking/ip-sysctl.html' },
    {
      title: 'Network address translation, nftables wiki',
      url: 'https://wiki.nftables.org/wiki-nftables/index.php/Performing_Network_Address_Translation_(NAT)',
    },
    { title: 'conntrack-tools manual', url: 'https://conntrack-tools.netfilter.org/manual.html' },
    {
      title: 'Port publishing, Docker',
      url: 'https://docs.docker.com/engine/network/port-publishing/',
    },
  ],
});
