import { existsSync } from 'node:fs';
import { missingPrograms } from '../../../packets/kernel';
import { describeUnless } from '../../../skip';
import { NODE_PROGRAMS } from './node';

/** `describe` where Kubernetes could be built; elsewhere skipped, and the name says why. */
export const describeKubernetes = (name: string, tests: () => void): void =>
  describeUnless(process.env.NO_KUBERNETES)(name, tests);

/**
 * `describe` where pods can run too, which takes root and a container runtime. Without root it is
 * skipped in CI as well: a normal user starts no containers. A missing program fails there.
 */
export const describeNode = (name: string, tests: () => void): void => {
  const missing = [
    ...missingPrograms(...NODE_PROGRAMS),
    ...(existsSync('/usr/lib/cni/loopback') ? [] : ['containernetworking-plugins is missing']),
  ];
  const isRoot = process.getuid?.() === 0;
  if (isRoot && missing.length > 0 && process.env.CI === 'true') {
    test(name, () => {
      throw new Error(missing.join('; '));
    });
  } else {
    const reasons = [process.env.NO_KUBERNETES ?? [], isRoot ? missing : 'it needs root'].flat();
    describeUnless(reasons.length === 0 ? undefined : reasons.join('; '))(name, tests);
  }
};
