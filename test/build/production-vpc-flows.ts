/** One question about the production VPC (`vpcWorld`), and what must be answered. */
export interface VpcFlow {
  /** What it is about. */
  readonly id: string;
  /** Ends as on the command line: `ns/pod`, `node:name`, `ip:1.2.3.4`, `internet`. */
  readonly from: string;
  readonly to: string;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP' | 'ICMP';
  readonly port: number | undefined;
  readonly verdict: 'allowed' | 'denied' | 'no-route';
  /** What decides: of an allowed flow all filters that let it through, of another the one that did not. */
  readonly by: readonly Gate[];
}

/** A filter in a direction, and whether the packet met it on the way there or on the way back. */
export interface Gate {
  readonly object: string;
  readonly direction: 'egress' | 'ingress';
  readonly way: 'there' | 'back';
}

/**
 * The questions, one a line. In the last column `nodes>` is what leaves by `nodes`, `>nodes` what
 * enters it; after `/` come the replies. Groups and network ACLs have the names they have in the
 * templates; routes are written only where they decide.
 */
const TABLE = `
  same node: neither group nor ACL                              | shop/web-a     | shop/api-a         | TCP 8080  | allowed  |
  same node, ICMP                                               | shop/web-a     | shop/api-a         | ICMP      | allowed  |
  same node: a pod and its kubelet                              | shop/web-a     | node:node-a        | TCP 10250 | allowed  |
  same node: a host-network pod and a pod                       | shop/host-a    | shop/web-a         | TCP 8080  | allowed  |
  same node: no rule would allow UDP 9999 from outside          | shop/web-a     | shop/api-a         | UDP 9999  | allowed  |
  same subnet: groups, no ACL                                   | shop/web-a     | shop/web-a2        | TCP 8080  | allowed  | nodes> >nodes
  same subnet, UDP                                              | shop/web-a     | shop/web-a2        | UDP 9999  | allowed  | nodes> >nodes
  same subnet, ICMP                                             | shop/web-a     | shop/web-a2        | ICMP      | allowed  | nodes> >nodes
  same subnet: two nodes                                        | node:node-a    | node:node-a2       | TCP 10250 | allowed  | nodes> >nodes
  two zones: groups and ACLs both ways                          | shop/web-a     | shop/web-b         | TCP 8080  | allowed  | nodes> Acl-pods> >Acl-pods >nodes / Acl-pods> >Acl-pods
  two zones, UDP                                                | shop/web-a     | shop/web-b         | UDP 53    | allowed  | nodes> Acl-pods> >Acl-pods >nodes / Acl-pods> >Acl-pods
  two zones, ICMP: request and reply are different types        | shop/web-a     | shop/web-b         | ICMP      | allowed  | nodes> Acl-pods> >Acl-pods >nodes / Acl-pods> >Acl-pods
  two zones, SCTP                                               | shop/web-a     | shop/web-b         | SCTP 9000 | allowed  | nodes> Acl-pods> >Acl-pods >nodes / Acl-pods> >Acl-pods
  a pod calls the kubelet of another zone                       | shop/web-a     | node:node-b        | TCP 10250 | allowed  | nodes> Acl-pods> >Acl-nodes >nodes / Acl-nodes> >Acl-pods
  a node calls a pod of another zone                            | node:node-a    | shop/web-b         | TCP 8080  | allowed  | nodes> Acl-nodes> >Acl-pods >nodes / Acl-pods> >Acl-nodes
  a host-network pod calls a pod of another zone                | shop/host-a    | shop/web-c         | TCP 8080  | allowed  | nodes> Acl-nodes> >Acl-pods >nodes / Acl-pods> >Acl-nodes
  a pod calls a host-network pod of another zone                | shop/web-c     | shop/host-a        | TCP 8080  | allowed  | nodes> Acl-pods> >Acl-nodes >nodes / Acl-nodes> >Acl-pods
  NAT: behind the node, then behind the gateway                 | shop/web-a     | internet           | TCP 443   | allowed  | nodes> Acl-nodes> >Acl-public Acl-public> / >Acl-public Acl-public> >Acl-nodes
  NAT, port 80                                                  | shop/web-b     | internet           | TCP 80    | allowed  | nodes> Acl-nodes> >Acl-public Acl-public> / >Acl-public Acl-public> >Acl-nodes
  NAT: a node itself                                            | node:node-b    | internet           | TCP 443   | allowed  | nodes> Acl-nodes> >Acl-public Acl-public> / >Acl-public Acl-public> >Acl-nodes
  NAT: a host-network pod                                       | shop/host-c    | internet           | TCP 80    | allowed  | nodes> Acl-nodes> >Acl-public Acl-public> / >Acl-public Acl-public> >Acl-nodes
  the group of the nodes lets no SSH out                        | shop/web-a     | internet           | TCP 22    | denied   | nodes>
  the group of the nodes lets no other port out                 | shop/web-c     | internet           | TCP 8443  | denied   | nodes>
  the group of the nodes lets no QUIC out                       | shop/web-a     | internet           | UDP 443   | denied   | nodes>
  the group of the nodes lets no foreign DNS out                | shop/web-a     | internet           | UDP 53    | denied   | nodes>
  the group of the nodes lets no ping out                       | shop/web-a     | internet           | ICMP      | denied   | nodes>
  a branch pod has no way out in its group                      | shop/front-a   | internet           | TCP 443   | denied   | pods-web>
  a database pod has none either                                | shop/db-b      | internet           | TCP 443   | denied   | pods-db>
  nobody outside reaches a private pod                          | internet       | shop/web-a         | TCP 8080  | no-route | internet>
  nobody outside reaches a private node                         | internet       | node:node-a        | TCP 22    | no-route | internet>
  a NAT gateway answers nobody outside                          | internet       | ip:198.51.100.1    | TCP 443   | denied   | >nat/publicSubnet1
  a NAT gateway answers nobody inside                           | shop/web-a     | ip:10.0.128.4      | TCP 443   | denied   | >nat/publicSubnet1
  gateway endpoint: S3 by prefix list, no NAT                   | shop/web-a     | ip:52.216.0.10     | TCP 443   | allowed  | nodes> Acl-nodes> / >Acl-nodes
  gateway endpoint: plain HTTP                                  | shop/web-b     | ip:52.216.0.10     | TCP 80    | allowed  | nodes> Acl-nodes> / >Acl-nodes
  gateway endpoint: another block of the list                   | node:node-c    | ip:54.231.0.10     | TCP 443   | allowed  | nodes> Acl-nodes> / >Acl-nodes
  gateway endpoint: the group still filters                     | shop/web-a     | ip:52.216.0.10     | TCP 22    | denied   | nodes>
  gateway endpoint: a branch pod's group still filters          | shop/front-a   | ip:52.216.0.10     | TCP 443   | denied   | pods-web>
  interface endpoint from a pod                                 | shop/web-a     | ip:10.0.0.5        | TCP 443   | allowed  | nodes> Acl-pods> >Acl-nodes >endpoints / Acl-nodes> >Acl-pods
  interface endpoint of another zone                            | shop/web-b     | ip:10.0.0.5        | TCP 443   | allowed  | nodes> Acl-pods> >Acl-nodes >endpoints / Acl-nodes> >Acl-pods
  interface endpoint in the node's own subnet: no ACL           | node:node-a    | ip:10.0.0.5        | TCP 443   | allowed  | nodes> >endpoints
  interface endpoint: its own group                             | shop/web-a     | ip:10.0.0.5        | TCP 80    | denied   | >endpoints
  interface endpoint: UDP leaves no node                        | shop/web-a     | ip:10.0.0.5        | UDP 443   | denied   | nodes>
  interface endpoint: a branch pod may not                      | shop/front-a   | ip:10.0.0.5        | TCP 443   | denied   | pods-web>
  the Kubernetes API from a pod                                 | shop/web-a     | ip:10.0.192.4      | TCP 443   | allowed  | nodes> Acl-pods> >Acl-control-plane >control-plane / Acl-control-plane> >Acl-pods
  the Kubernetes API from a node of another zone                | node:node-b    | ip:10.0.192.4      | TCP 443   | allowed  | nodes> Acl-nodes> >Acl-control-plane >control-plane / Acl-control-plane> >Acl-nodes
  the Kubernetes API listens on 443 alone                       | shop/web-a     | ip:10.0.192.4      | TCP 6443  | denied   | nodes>
  the Kubernetes API: a branch pod may not                      | shop/front-a   | ip:10.0.192.4      | TCP 443   | denied   | pods-web>
  the API server calls a kubelet                                | ip:10.0.192.4  | node:node-a        | TCP 10250 | allowed  | eks-cluster-sg-aws-3-vpc-cni> Acl-control-plane> >Acl-nodes >nodes / Acl-nodes> >Acl-control-plane
  the API server calls the aggregated API                       | ip:10.0.192.20 | shop/web-a         | TCP 5443  | allowed  | eks-cluster-sg-aws-3-vpc-cni> Acl-control-plane> >Acl-pods >nodes / Acl-pods> >Acl-control-plane
  the API server calls no other port of a pod                   | ip:10.0.192.4  | shop/web-a         | TCP 8080  | denied   | >nodes
  the API server calls no branch pod                            | ip:10.0.192.4  | shop/front-a       | TCP 8080  | denied   | >pods-web
  the ACL of the control plane lets no SSH out                  | ip:10.0.192.4  | node:node-a        | TCP 22    | denied   | Acl-control-plane>
  the ACL of the control plane lets no UDP out                  | ip:10.0.192.4  | shop/web-b         | UDP 53    | denied   | Acl-control-plane>
  branch: web to its database on the same node, through the VPC | shop/front-a   | shop/db-a          | TCP 5432  | allowed  | pods-web> >pods-db
  branch: web to the database of another zone                   | shop/front-a   | shop/db-b          | TCP 5432  | allowed  | pods-web> Acl-pods> >Acl-pods >pods-db / Acl-pods> >Acl-pods
  branch: on the same node too, only web may call the database  | shop/web-a     | shop/db-a          | TCP 5432  | denied   | nodes>
  branch: a pod of the nodes' group calls web on the same node  | shop/web-a     | shop/front-a       | TCP 8080  | allowed  | nodes> >pods-web
  branch: a pod of another zone calls web                       | shop/web-b     | shop/front-a       | TCP 8080  | allowed  | nodes> Acl-pods> >Acl-pods >pods-web / Acl-pods> >Acl-pods
  branch: web listens on one port                               | shop/web-a     | shop/front-a       | TCP 9090  | denied   | nodes>
  branch: web calls no pod of the nodes' group                  | shop/front-a   | shop/web-a         | TCP 8080  | denied   | pods-web>
  branch: web does not call web                                 | shop/front-b   | shop/front-a       | TCP 8080  | denied   | pods-web>
  branch: the database calls nobody back                        | shop/db-a      | shop/front-a       | TCP 8080  | denied   | pods-db>
  branch: web resolves names by UDP                             | shop/front-a   | kube-system/dns-b  | UDP 53    | allowed  | pods-web> Acl-pods> >Acl-pods >nodes / Acl-pods> >Acl-pods
  branch: web resolves names by TCP                             | shop/front-a   | kube-system/dns-b  | TCP 53    | allowed  | pods-web> Acl-pods> >Acl-pods >nodes / Acl-pods> >Acl-pods
  branch: the database resolves names                           | shop/db-a      | kube-system/dns-b  | UDP 53    | allowed  | pods-db> Acl-pods> >Acl-pods >nodes / Acl-pods> >Acl-pods
  branch: the kubelet's probe of web                            | node:node-a    | shop/front-a       | TCP 8080  | allowed  | nodes> Acl-nodes> >Acl-pods >pods-web / Acl-pods> >Acl-nodes
  branch: a host-network pod may not call the database          | shop/host-a    | shop/db-a          | TCP 5432  | denied   | nodes>
  branch: no ping to the database                               | shop/front-a   | shop/db-a          | ICMP      | denied   | pods-web>
  the VPC resolver is filtered by nothing                       | shop/web-a     | ip:10.0.0.2        | UDP 53    | allowed  |
  the VPC resolver: not even a database's group                 | shop/db-a      | ip:10.0.0.2        | UDP 53    | allowed  |
  the resolver's link-local address                             | shop/db-b      | ip:169.254.169.253 | UDP 53    | allowed  |
  instance metadata: one hop, so a pod gets no token            | shop/web-a     | ip:169.254.169.254 | TCP 80    | denied   | metadata>
  instance metadata: a branch pod gets none either              | shop/db-a      | ip:169.254.169.254 | TCP 80    | denied   | metadata>
  instance metadata: the node gets its token                    | node:node-a    | ip:169.254.169.254 | TCP 80    | allowed  |
  instance metadata: so does a pod on the node’s own network    | shop/host-a    | ip:169.254.169.254 | TCP 80    | allowed  |
  the time service is filtered by nothing                       | shop/front-a   | ip:169.254.169.123 | UDP 123   | allowed  |
  an address that nobody has                                    | shop/web-a     | ip:10.0.50.50      | TCP 443   | no-route | Vpc>
  an address that nobody has: the group is asked first          | shop/web-a     | ip:10.0.50.50      | TCP 22    | denied   | nodes>
`;

/** At least sixty flows over one production VPC; engine and packets are asked the very same. */
export const VPC_FLOWS: readonly VpcFlow[] = TABLE.trim().split('\n').map(readLine);

function readLine(line: string): VpcFlow {
  const cells = line.split('|').map((cell) => cell.trim());
  const [id = '', from = '', to = '', traffic = '', verdict = '', gates = ''] = cells;
  const [protocol = '', port] = traffic.split(' ');
  const [there = '', back = ''] = gates.split(' / ');
  return {
    id,
    from,
    to,
    protocol: protocol as VpcFlow['protocol'],
    port: port === undefined ? undefined : Number(port),
    verdict: verdict as VpcFlow['verdict'],
    by: [...gatesOf(there, 'there'), ...gatesOf(back, 'back')],
  };
}

function gatesOf(text: string, way: Gate['way']): readonly Gate[] {
  const gates = text.split(' ').filter((gate) => gate !== '');
  return gates.map((gate) =>
    gate.startsWith('>')
      ? { object: gate.slice(1), direction: 'ingress', way }
      : { object: gate.slice(0, -1), direction: 'egress', way },
  );
}
