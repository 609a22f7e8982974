import { EC2Client, type Filter } from '@aws-sdk/client-ec2';

/** What EC2 has of each kind, by the list that a call answers with: `RouteTables`, `Subnets`. */
export type Ec2Lists = Readonly<Record<string, readonly object[]>>;

/**
 * The real EC2 client, answered from these lists by calls named like them (`DescribeSubnets` by
 * `Subnets`): what has the VPC, or the tag, that the call filters for. Calls of other lists get
 * none, and calls that change something fail.
 */
export function ec2InMemory(lists: Ec2Lists): EC2Client {
  const client = new EC2Client({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  });
  client.middlewareStack.add(
    (_next, { commandName = '' }) =>
      async ({ input }) => {
        const list = /^Describe(\w+)Command$/.exec(commandName)?.[1];
        if (list === undefined) throw new Error(`${commandName} is not answered here`);
        const { Filters = [] } = input as { readonly Filters?: readonly Filter[] };
        const found = (lists[list] ?? []).filter((item) => Filters.every((f) => matches(item, f)));
        return { response: {}, output: { $metadata: {}, [list]: found } as never };
      },
    { step: 'initialize' },
  );
  return client;
}

function matches(item: object, { Name = '', Values = [] }: Filter): boolean {
  const { VpcId, Tags = [] } = item as {
    readonly VpcId?: string;
    readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  };
  if (Name === 'vpc-id') return Values.includes(VpcId ?? '');
  if (Name === 'tag-key') return Tags.some(({ Key }) => Values.includes(Key));
  const key = /^tag:(.+)$/.exec(Name)?.[1];
  return Tags.some(({ Key, Value }) => Key === key && Values.includes(Value));
}
