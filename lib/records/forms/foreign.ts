import type { ForeignForm } from './form';

const json = (what: string, ...signs: readonly RegExp[]): ForeignForm => ({
  what,
  matches: (text) => /^[[{]/.test(text) && signs.every((sign) => sign.test(text)),
});

const line = (what: string, sign: RegExp): ForeignForm => ({
  what,
  matches: (text) => sign.test(text),
});

/** What people have beside flow records, by how its lines begin or what they hold. */
export const FOREIGN_FORMS: readonly ForeignForm[] = [
  json('a Kubernetes audit log', /"apiVersion"\s*:\s*"audit\.k8s\.io\//),
  json('a list of Kubernetes objects', /"apiVersion"\s*:/, /"kind"\s*:/),
  json('an AWS CloudTrail log', /"eventVersion"\s*:/, /"eventSource"\s*:/),
  json('GuardDuty findings', /"schemaVersion"\s*:/, /"accountId"\s*:/),
  json('a Route 53 Resolver query log', /"query_name"\s*:/, /"srcaddr"\s*:/),
  json('an AWS Network Firewall or Suricata log', /"event_type"\s*:/),
  json('an AWS WAF log', /"webaclId"\s*:/),
  json('output of Inspektor Gadget', /"k8s"\s*:/),
  json('an Envoy or Istio access log', /"(?:upstream_cluster|response_flags)"\s*:/),
  json('an AWS SDK or API answer without flow records', /"(?:FlowLogs|NetworkInterfaces)"\s*:/),
  line(
    'Hubble’s compact text (use -o json)',
    /^\w{3} +\d+ [\d:.]+: .*(?:->|<-|<>).*(?:FORWARDED|DROPPED|AUDIT)/,
  ),
  line('Hubble’s compact text (use -o json)', /\(ID:\d+\) (?:->|<-|<>) /),
  line(
    'a load balancer access log',
    /^(?:https?|h2|grpcs?|wss?|tls) \d{4}-\d\d-\d\dT\S+ (?:app|net)\//,
  ),
  line('output of tcpdump', /^[\d:.]+ IP6? \S+ > \S+: /),
  line('kernel firewall messages', /\bIN=\S* OUT=\S* .*SRC=/),
  line('a CoreDNS query log', /^\[INFO\] \S+:\d+ - \d+ "[A-Z]+ IN /),
  line(
    'an HTTP access log',
    /^\S+ \S+ \S+ \[[^\]]+\] "(?:GET|POST|PUT|HEAD|DELETE|PATCH|OPTIONS) /,
  ),
  line('output of ss or netstat', /^(?:tcp|udp|ESTAB|LISTEN)\s+\d+\s+\d+\s+\S+:\S+\s+\S+:\S+/),
  line('a Zeek log', /^#(?:separator|fields|path)\b/),
  line('YAML objects, not records', /^(?:apiVersion|kind|metadata|items): ?/),
  line('an HTML page', /^<(?:!DOCTYPE html|html)/i),
  line('an XML document', /^<\?xml/),
];

/** Files that are known by their first bytes. */
export const FOREIGN_BYTES: readonly (readonly [what: string, bytes: readonly number[]])[] = [
  ['a packet capture (pcap)', [0xd4, 0xc3, 0xb2, 0xa1]],
  ['a packet capture (pcap)', [0xa1, 0xb2, 0xc3, 0xd4]],
  ['a packet capture (pcapng)', [0x0a, 0x0d, 0x0d, 0x0a]],
  ['a ZIP archive', [0x50, 0x4b, 0x03, 0x04]],
  ['a zstd-compressed file', [0x28, 0xb5, 0x2f, 0xfd]],
  ['a bzip2-compressed file', [0x42, 0x5a, 0x68]],
  ['an xz-compressed file', [0xfd, 0x37, 0x7a, 0x58]],
  ['a PDF document', [0x25, 0x50, 0x44, 0x46]],
  ['a program', [0x7f, 0x45, 0x4c, 0x46]],
  ['a picture', [0x89, 0x50, 0x4e, 0x47]],
  ['a picture', [0xff, 0xd8, 0xff]],
  ['a SQLite database', [0x53, 0x51, 0x4c, 0x69]],
];
