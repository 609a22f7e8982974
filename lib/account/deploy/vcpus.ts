import { paginateDescribeInstances } from '@aws-sdk/client-ec2';
import type { Aws } from '../aws';
import { collect } from '../collect';
import { list, number, record, resourcesOf, type Template, text } from '../template';

/** vCPUs by the size in an instance type's name, for families whose `large` has two (EC2 user guide). */
const VCPUS: Readonly<Record<string, number>> = {
  nano: 2,
  micro: 2,
  small: 2,
  medium: 2,
  large: 2,
  xlarge: 4,
};

/** vCPUs of an instance type; `2xlarge` has twice what `xlarge` has, and so on. */
export function vcpusOf(instanceType: string): number {
  const [, size = ''] = instanceType.split('.');
  const [, times] = /^(\d+)xlarge$/.exec(size) ?? [];
  return times === undefined ? (VCPUS[size] ?? 2) : 4 * Number(times);
}

/** vCPUs of all nodes that the templates start at first: of each group the largest type it may take. */
export function vcpusOfNodes(templates: readonly Template[]): number {
  return resourcesOf(templates)
    .filter(({ type }) => type === 'AWS::EKS::Nodegroup')
    .reduce((sum, { properties }) => {
      const nodes = number(record(properties.ScalingConfig).DesiredSize) ?? 1;
      const types = list(properties.InstanceTypes).flatMap((type) => text(type) ?? []);
      return sum + nodes * Math.max(0, ...types.map(vcpusOf));
    }, 0);
}

/** vCPUs of the account's on-demand instances of the standard families in this region. */
export async function vcpusInUse({ ec2: client }: Aws): Promise<number> {
  const Filters = [{ Name: 'instance-state-name', Values: ['pending', 'running'] }];
  const reservations = await collect(
    paginateDescribeInstances({ client }, { Filters }),
    (page) => page.Reservations,
  );
  return reservations
    .flatMap(({ Instances = [] }) => Instances)
    .filter((each) => each.InstanceLifecycle === undefined && isStandard(each.InstanceType ?? ''))
    .reduce((sum, { CpuOptions, InstanceType = '' }) => {
      const { CoreCount, ThreadsPerCore } = CpuOptions ?? {};
      return (
        sum + (CoreCount === undefined ? vcpusOf(InstanceType) : CoreCount * (ThreadsPerCore ?? 1))
      );
    }, 0);
}

const isStandard = (instanceType: string): boolean => /^[acdhimrtz]\d/.test(instanceType);
