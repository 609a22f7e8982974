import { k8s } from 'cdk8s-plus-28';

// Ports as NetworkPolicy writes them. The generated kinds take numbers only as an IntOrString, and
// turn a plain number into null without a word: do not write one by hand.

/** One TCP port, by number or by the name the container gives it. */
export const tcp = (port: number | string): k8s.NetworkPolicyPort => ({
  protocol: 'TCP',
  port: intOrString(port),
});

/** One UDP port, by number or name. */
export const udp = (port: number | string): k8s.NetworkPolicyPort => ({
  protocol: 'UDP',
  port: intOrString(port),
});

/** A number or a name where the API takes either. */
export const intOrString = (value: number | string): k8s.IntOrString =>
  typeof value === 'number' ? k8s.IntOrString.fromNumber(value) : k8s.IntOrString.fromString(value);
