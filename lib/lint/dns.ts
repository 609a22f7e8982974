import type { Explanation } from '../model/explanation';
import type { Finding } from '../model/finding';
import type { PodEndpoint } from '../model/world';
import type { PreparedWorld } from './prepared';
import { citedObject, podName, some } from './words';

/** Policies that keep pods from resolving names, or from repeating a query over TCP. */
export function checkDns(prepared: PreparedWorld): readonly Finding[] {
  const cut = new Map<string, { readonly by: string; readonly pods: string[] }>();
  const udpOnly = new Map<string, string[]>();
  for (const pod of prepared.pods) {
    if (prepared.dns.some((one) => podName(one) === podName(pod))) continue;
    const udp = ask(prepared, pod, 'UDP');
    const [evidence] = udp?.by ?? [];
    if (udp !== undefined && evidence !== undefined) {
      const key = citedObject(evidence, prepared.world);
      const known = cut.get(key) ?? { by: evidence.because, pods: [] };
      cut.set(key, known);
      known.pods.push(podName(pod));
      continue;
    }
    const [refusing] = ask(prepared, pod, 'TCP')?.by ?? [];
    if (refusing === undefined) continue;
    const key = citedObject(refusing, prepared.world);
    udpOnly.set(key, [...(udpOnly.get(key) ?? []), podName(pod)]);
  }
  return [
    ...[...cut].map(([key, { by, pods }]) => dnsCut(key, by, pods)),
    ...[...udpOnly].map(([key, pods]) => dnsUdpOnly(key, pods)),
  ];
}

/** The refusal, where every pod that answers names refuses or is refused; `undefined` otherwise. */
function ask(
  prepared: PreparedWorld,
  pod: PodEndpoint,
  protocol: 'UDP' | 'TCP',
): Explanation | undefined {
  const from = { kind: 'pod', namespace: pod.namespace, name: pod.name } as const;
  const servers = [
    ...prepared.dns.map(({ namespace, name }) => ({ kind: 'pod', namespace, name }) as const),
    // A cache on the node answers in place of kube-dns.
    ...(prepared.world.nodeDns?.addresses ?? []).map(
      (address) => ({ kind: 'ip', address }) as const,
    ),
  ];
  const answers = servers.map((to) => prepared.policies.explain({ from, to, protocol, port: 53 }));
  return answers.every(({ verdict }) => verdict === 'denied') ? answers[0] : undefined;
}

const dnsCut = (key: string, because: string, pods: readonly string[]): Finding => ({
  code: 'dns-cut',
  severity: 'error',
  object: key,
  why: `${some(pods)} cannot resolve names: UDP 53 to kube-dns is denied: ${because}`,
  fix: 'allow egress to UDP and TCP 53 of k8s-app=kube-dns in the namespace with kubernetes.io/metadata.name=kube-system',
});

const dnsUdpOnly = (key: string, pods: readonly string[]): Finding => ({
  code: 'dns-udp-only',
  severity: 'note',
  object: key,
  why: `${some(pods)} can query kube-dns over UDP 53 but not over TCP 53, which long answers need`,
  fix: 'allow TCP 53 as well as UDP 53',
});
