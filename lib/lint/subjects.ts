import type { Finding } from '../model/finding';
import type { Policy } from '../model/policy';
import type { PodEndpoint } from '../model/world';
import type { PreparedWorld } from './prepared';
import { elsewhere } from './scope';
import { homeOf, hostPodsText, objectOf, podName, selectorText, some } from './words';

/** Policies that select nothing. */
export const checkSubjects = (prepared: PreparedWorld): readonly Finding[] =>
  prepared.world.policies
    .filter(({ staged, subject }) => staged !== 'delete' && !prepared.finds(subject))
    .map((policy): Finding => {
      const hosts = prepared.hostPodsOf(policy.subject);
      if (hosts.length > 0) return onlyHosts(policy, hosts);
      const others = elsewhere(policy.subject, prepared);
      const home = homeOf(policy.subject);
      const found = others.length === 0 ? '' : `; such pods are ${some(others.map(podName))}`;
      return {
        code: 'policy-selects-nothing',
        severity: 'warning',
        object: objectOf(policy),
        why: `it selects ${selectorText(policy.subject)}, and there is none${found}`,
        fix:
          others.length > 0 && home !== undefined
            ? `move it to namespace ${some(others.map(({ namespace }) => namespace))}`
            : 'correct its selector, or remove it',
      };
    });

const onlyHosts = (policy: Policy, hosts: readonly PodEndpoint[]): Finding => ({
  code: 'policy-selects-nothing',
  severity: 'warning',
  object: objectOf(policy),
  why: `it selects ${selectorText(policy.subject)}, and ${hostPodsText(hosts)}`,
  fix: 'police the node with a HostEndpoint of Calico, or let the pod have a network of its own',
});
