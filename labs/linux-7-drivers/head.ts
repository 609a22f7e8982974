import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 45,
  outcomes: [
    'rebuild the Docker drivers none, bridge, host, macvlan and overlay',
    'compare what each driver reaches',
    'translate docker network commands into kernel operations',
  ],
  conclusion:
    'A Docker network driver is a choice of what the endpoint is connected to: nothing, a bridge, the host, a second MAC address, or a tunnel.',
  links: [
    { title: 'Network drivers, Docker', url: 'https://docs.docker.com/engine/network/drivers/' },
    {
      title: 'Bridge driver, Docker',
      url: 'https://docs.docker.com/engine/network/drivers/bridge/',
    },
    {
      title: 'Macvlan driver, Docker',
      url: 'https://docs.docker.com/engine/network/drivers/macvlan/',
    },
    {
      title: 'Overlay driver, Docker',
      url: 'https://docs.docker.com/engine/network/drivers/overlay/',
    },
    { title: 'VXLAN, Linux kernel', url: 'https://docs.kernel.org/networking/vxlan.html' },
  ],
});
