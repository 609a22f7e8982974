import { defineHead } from '../../lib/lab/head';

export default defineHead({
  minutes: 30,
  outcomes: [
    'capture packets at both ends of a path',
    'distinguish refused, silent and unreachable',
    'locate the rule that drops a packet',
  ],
  conclusion:
    'The kind of failure says how far the packet came: refused means it arrived, silence means that a filter or a missing return path lost it.',
  links: [
    { title: 'tcpdump(1)', url: 'https://www.tcpdump.org/manpages/tcpdump.1.html' },
    { title: 'pcap-filter(7)', url: 'https://www.tcpdump.org/manpages/pcap-filter.7.html' },
    {
      title: 'Transmission Control Protocol, RFC 9293',
      url: 'https://www.rfc-editor.org/rfc/rfc9293',
    },
    {
      title: 'Internet Control Message Protocol, RFC 792',
      url: 'https://www.rfc-editor.org/rfc/rfc792',
    },
  ],
});
