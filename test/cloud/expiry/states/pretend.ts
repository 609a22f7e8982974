import { StateError } from './query';
import type { Sdk, SdkCall } from './run';

/** Something in the pretend account, with what the services would know of it. */
export interface Thing {
  readonly kind: 'vpc' | 'endpoint' | 'interface' | 'group' | 'balancer' | 'volume' | 'other';
  readonly id: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly vpc?: string;
  /** USD an hour, while it exists. */
  readonly perHour?: number;
  /** Ids of what cannot go while this is there. */
  readonly holds?: readonly string[];
}

/** A stack: things that go with it, and the stack that it imports from. */
export interface Stack {
  readonly name: string;
  readonly members: readonly Thing[];
  readonly needs?: string;
  /** Looks that its deletion takes; never, where it hangs. */
  readonly looks?: number;
  /** One of its resources can never be deleted. */
  readonly broken?: true;
}

export interface Cloud {
  readonly sdk: Sdk;
  readonly things: ReadonlyMap<string, Thing>;
  /** Stacks that are there, with their state. */
  readonly stacks: ReadonlyMap<string, string>;
}

const region = 'us-east-1:123456789012';
/** ARN of a load balancer; a classic one's has no kind in it. */
export const balancerArn = (name: string): string =>
  `arn:aws:elasticloadbalancing:${region}:loadbalancer/${name}`;

/**
 * An account in memory with AWS' rules about who holds whom, as Step Functions' integrations show
 * it: names of arguments and answers as in the services' APIs, refusals by the services' names.
 */
export function pretendCloud(all: readonly Stack[], loose: readonly Thing[]): Cloud {
  const things = new Map(
    [...all.flatMap(({ members }) => members), ...loose].map((t) => [t.id, t]),
  );
  const stacks = new Map(all.map(({ name }) => [name, 'CREATE_COMPLETE']));
  const waits = new Map<string, number>();
  const forced = new Set<string>();

  const holders = (id: string): readonly Thing[] =>
    [...things.values()].filter(({ holds = [] }) => holds.includes(id));

  const remove = (id: string, service: string): object => {
    if (!things.has(id)) throw refusal(service, `${id} is not there`);
    const [holder] = holders(id);
    if (holder !== undefined) throw refusal(service, `${id} is held by ${holder.id}`);
    things.delete(id);
    return {};
  };

  /** As CloudFormation: again and again what nothing holds any more. */
  const removeMembers = ({ members }: Stack): void => {
    for (let before = -1; before !== things.size; ) {
      before = things.size;
      for (const { id } of members) if (holders(id).length === 0) things.delete(id);
    }
  };

  const settle = (stack: Stack): void => {
    const users = all.filter(({ name, needs }) => needs === stack.name && stacks.has(name));
    if (users.length > 0) return void stacks.set(stack.name, 'DELETE_FAILED');
    removeMembers(stack);
    const stuck = stack.members.some(({ id }) => things.has(id)) || stack.broken;
    if (stuck && !forced.has(stack.name)) stacks.set(stack.name, 'DELETE_FAILED');
    else stacks.delete(stack.name);
  };

  const look = (name: string): object => {
    const stack = all.find((one) => one.name === name);
    const left = waits.get(name);
    if (stack !== undefined && stacks.get(name) === 'DELETE_IN_PROGRESS' && left !== undefined) {
      waits.set(name, left - 1);
      if (left <= 0) settle(stack);
    }
    const StackStatus = stacks.get(name);
    if (StackStatus === undefined) {
      throw refusal('CloudFormation', `Stack with id ${name} does not exist`);
    }
    return { Stacks: [{ StackName: name, StackStatus }] };
  };

  const deleteStack = (name: string, mode: unknown): object => {
    if (!stacks.has(name)) return {};
    if (mode === 'FORCE_DELETE_STACK') {
      if (stacks.get(name) !== 'DELETE_FAILED')
        throw refusal('CloudFormation', 'not DELETE_FAILED');
      forced.add(name);
    }
    stacks.set(name, 'DELETE_IN_PROGRESS');
    waits.set(name, all.find((one) => one.name === name)?.looks ?? 2);
    return {};
  };

  const answer = ({ service, api, input }: SdkCall): object => {
    const found = (kind: Thing['kind']) =>
      [...things.values()].filter((thing) => thing.kind === kind && fits(thing, input.Filters));
    const one = (key: string): string => String([input[key]].flat()[0]);
    switch (`${service}:${api}`) {
      case 'ec2:describeVpcs':
        return { Vpcs: found('vpc').map(({ id }) => ({ VpcId: id })) };
      case 'ec2:describeVpcEndpoints':
        return { VpcEndpoints: found('endpoint').map(({ id }) => ({ VpcEndpointId: id })) };
      case 'ec2:describeNetworkInterfaces':
        return { NetworkInterfaces: found('interface').map((t) => ({ NetworkInterfaceId: t.id })) };
      case 'ec2:describeSecurityGroups':
        return { SecurityGroups: found('group').map(({ id }) => ({ GroupId: id })) };
      case 'ec2:describeVolumes':
        return { Volumes: found('volume').map(({ id }) => ({ VolumeId: id })) };
      case 'elasticloadbalancingv2:describeLoadBalancers':
        return { LoadBalancers: found('balancer').map(balancer) };
      case 'resourcegroupstaggingapi:getResources':
        return { ResourceTagMappingList: tagged([...things.values()], input) };
      case 'cloudformation:describeStacks':
        return look(one('StackName'));
      case 'cloudformation:deleteStack':
        return deleteStack(one('StackName'), input.DeletionMode);
      case 'elasticloadbalancingv2:deleteLoadBalancer':
        return remove(one('LoadBalancerArn'), 'ElasticLoadBalancingV2');
      case 'elasticloadbalancing:deleteLoadBalancer':
        return remove(balancerArn(one('LoadBalancerName')), 'ElasticLoadBalancing');
      case 'ec2:deleteVpcEndpoints':
        return remove(one('VpcEndpointIds'), 'Ec2');
      case 'ec2:deleteNetworkInterface':
        return remove(one('NetworkInterfaceId'), 'Ec2');
      case 'ec2:deleteVolume':
        return remove(one('VolumeId'), 'Ec2');
      case 'ec2:deleteSecurityGroup':
        return remove(one('GroupId'), 'Ec2');
    }
    throw new Error(`the pretend account has no ${service}:${api}`);
  };
  return { sdk: async (call) => answer(call), things, stacks };
}

/** Unmodelled errors, throttling included, all bear their service's one name (AWS SDK for Java 2). */
export const refusal = (service: string, because: string): StateError =>
  new StateError(`${service}.${service}Exception`, `${because} (Service: ${service}, ...)`);

/** About as much as the real API tells of one. */
const balancer = ({ id, vpc }: Thing): object => ({
  LoadBalancerArn: id,
  VpcId: vpc,
  DNSName: `${id.slice(-40)}.us-east-1.elb.amazonaws.com`,
  State: { Code: 'active' },
  Type: 'network',
  Scheme: 'internet-facing',
  AvailabilityZones: [{ ZoneName: 'us-east-1a', SubnetId: 'subnet-0123456789abcdef0' }],
});

type Filters = readonly { readonly Name: string; readonly Values: readonly string[] }[];

/** EC2 takes any value of a filter and needs every filter; it refuses one without a value. */
function fits({ tags = {}, vpc = '' }: Thing, filters: unknown): boolean {
  return ((filters ?? []) as Filters).every(({ Name, Values }) => {
    if (Values.length === 0) throw refusal('Ec2', 'The parameter Values is empty');
    if (Name === 'vpc-id') return Values.includes(vpc);
    if (Name === 'status') return Values.includes(tags.status ?? 'available');
    if (Name === 'tag-key') return Values.some((key) => key in tags);
    return Values.includes(tags[Name.replace(/^tag:/, '')] ?? '');
  });
}

/** The first hundred, as the real one pages. */
function tagged(things: readonly Thing[], { TagFilters }: SdkCall['input']): readonly object[] {
  const filters = TagFilters as readonly { readonly Key: string; readonly Values: string[] }[];
  return things
    .filter(({ kind }) => kind === 'balancer')
    .filter(({ tags = {} }) => filters.every((f) => f.Values.includes(tags[f.Key] ?? '')))
    .slice(0, 100)
    .map(({ id, tags }) => ({ ResourceARN: id, Tags: tags }));
}
