/** The ends of a flow in one paragraph, for the help of every command that takes them. */
export const ENDS_HELP = `
Ends of a flow: ns/pod, ns/workload (its first pod), svc:ns/name, node:name, ip:1.2.3.4,
eni:name (an interface or machine of a template) and internet. "lab help flows" explains each.`;

/** The syntax of flows with examples: `lab help flows`. */
export const FLOWS_HELP = `
A flow is a connection that one end opens to another. Commands take flows in two forms.

As words (lab explain <from> <to>:<port>[/<protocol>]):
  lab explain shop/backend-0 svc:shop/db:5432
  lab explain frontend db:5432
  lab explain shop/backend-0 kube-system/coredns:53/UDP
  lab explain internet eni:LoadBalancer:443 --template cdk.out

As a file, one JSON object a line (--flows <file>, or --flows - for standard input):
  {"from":"shop/backend-0","to":"svc:shop/db","protocol":"TCP","port":5432}
  {"id":"dns","from":"shop/backend-0","to":"kube-system/coredns-0","protocol":"UDP","port":"dns"}
  {"from":"node:node-a","to":"ip:10.0.1.20","protocol":"ICMP"}

Ends:
  ns/pod         a pod                                      shop/backend-0
  ns/workload    the first pod of a workload                shop/backend
  name           either, where one namespace has the name   backend
  svc:ns/name    a Service, as a destination only           svc:shop/db
  node:name      a node                                     node:node-a
  ip:address     an address, IPv4 or IPv6                   ip:10.0.0.1
  eni:name       an interface or machine of a template      eni:Database
  control-plane:cluster  the API server of an EKS cluster   control-plane:demo
  internet       any host on the internet                   internet
  name           a host outside the cluster of a lab        partner

protocol: TCP (default in words), UDP, SCTP or ICMP.
ICMP: an echo request, or any message: db/ICMP:3:4 in words, "icmpType":3,"icmpCode":4 in a file.
port: a number, or the name of a port of the destination; none for ICMP.
id: optional; it is repeated in the answer.`;
