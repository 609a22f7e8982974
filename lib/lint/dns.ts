import type { Explanation } from '../model/explanation';
import type { Finding } from '../model/finding';
import type { PodEndpoint } from '../model/world';
import type { Ground } from './ground';
import { citedObject, podName, some } from './words';

/** Policies that keep pods from resolving names, or from asking again over TCP. */
export function checkDns(ground: Ground): readonly Finding[] {
  const cut = new Map<string, { readonly by: string; readonly pods: string[] }>();
  const udpOnly = new Map<string, string[]>();
  for (const pod of ground.pods) {
    if (ground.dns.some((one) => podName(one) === podName(pod))) continue;
    const udp = ask(ground, pod, 'UDP');
    const [evidence] = udp?.by ?? [];
    if (udp !== undefined && evidence !== undefined) {
      const key = citedObject(evidence, ground.world);
      const known = cut.get(key) ?? { by: evidence.because, pods: [] };
      cut.set(key, known);
      known.pods.push(podName(pod));
      continue;
    }
    const [refusing] = ask(ground, pod, 'TCP')?.by ?? [];
    if (refusing === undefined) continue;
    const key = citedObject(refusing, ground.world);
    udpOnly.set(key, [...(udpOnly.get(key) ?? []), podName(pod)]);
  }
  return [
    ...[...cut].map(([key, { by, pods }]) => dnsCut(key, by, pods)),
    ...[...udpOnly].map(([key, pods]) => dnsUdpOnly(key, pods)),
  ];
}

/** The refusal, where every pod that answers names refuses or is refused; `undefined` otherwise. */
function ask(ground: Ground, pod: PodEndpoint, protocol: 'UDP' | 'TCP'): Explanation | undefined {
  const answers = ground.dns.map((server) =>
    ground.policies.explain({
      from: { kind: 'pod', namespace: pod.namespace, name: pod.name },
      to: { kind: 'pod', namespace: server.namespace, name: server.name },
      protocol,
      port: 53,
    }),
  );
  return answers.every(({ verdict }) => verdict === 'denied') ? answers[0] : undefined;
}

const dnsCut = (key: string, because: string, pods: readonly string[]): Finding => ({
  code: 'dns-cut',
  severity: 'error',
  object: key,
  why: `${some(pods)} cannot resolve names: UDP 53 to kube-dns is refused, as ${because}`,
  fix: 'allow egress to UDP and TCP 53 of k8s-app=kube-dns in the namespace with kubernetes.io/metadata.name=kube-system',
});

const dnsUdpOnly = (key: string, pods: readonly string[]): Finding => ({
  code: 'dns-udp-only',
  severity: 'note',
  object: key,
  why: `${some(pods)} may ask kube-dns over UDP 53 and not over TCP 53, which long answers need`,
  fix: 'allow TCP 53 beside UDP 53',
});
