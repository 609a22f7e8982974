import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 25,
  outcomes: [
    'build a bridge and attach namespaces to it',
    'read the table of learned MAC addresses',
    'connect the machine itself to the network',
  ],
  conclusion:
    'A bridge forwards frames by the MAC addresses it has learned; the machine takes part once the bridge has an address.',
  links: [
    {
      title: 'Ethernet bridging, Linux kernel',
      url: 'https://docs.kernel.org/networking/bridge.html',
    },
    { title: 'bridge(8)', url: 'https://man7.org/linux/man-pages/man8/bridge.8.html' },
    { title: 'ip-link(8)', url: 'https://man7.org/linux/man-pages/man8/ip-link.8.html' },
    {
      title: 'Bridge network driver, Docker',
      url: 'https://docs.docker.com/engine/network/drivers/bridge/',
    },
  ],
});
