/** Where the emulator's CloudFormation ends (moto 5.2.5: "No Moto CloudFormation support for"). */
export const UNSUPPORTED = [
  'AWS::EC2::VPCCidrBlock',
  'AWS::EC2::NetworkAcl',
  'AWS::EC2::NetworkAclEntry',
  'AWS::EC2::SubnetNetworkAclAssociation',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::Scheduler::Schedule',
];

type Json = Readonly<Record<string, unknown>>;

/**
 * A template without resources of some types and, since they could not stand without them, without
 * all that refers to those: what an emulator can deploy of the real thing.
 */
export function withoutTypes(
  template: Json,
  types: readonly string[],
  /** Names of other stacks' exports; what imports another is dropped too. @default all are there */
  exported?: ReadonlySet<string>,
): { readonly template: Json; readonly dropped: readonly string[] } {
  const resources = Object.entries(template.Resources as Record<string, Json>);
  const gone = new Set(
    resources
      .filter(
        ([, resource]) => types.includes(String(resource.Type)) || importsLost(resource, exported),
      )
      .map(([id]) => id),
  );
  for (let before = -1; before !== gone.size; ) {
    before = gone.size;
    for (const [id, resource] of resources) if (refersTo(resource, gone)) gone.add(id);
  }
  const outputs = Object.entries((template.Outputs ?? {}) as Json);
  return {
    template: {
      ...template,
      Resources: Object.fromEntries(resources.filter(([id]) => !gone.has(id))),
      Outputs: Object.fromEntries(
        outputs.filter(([, output]) => !refersTo(output, gone) && !importsLost(output, exported)),
      ),
    },
    dropped: resources.filter(([id]) => gone.has(id)).map(([, { Type }]) => String(Type)),
  };
}

function namesIn(key: string, value: unknown): readonly unknown[] {
  if (key === 'Ref' || key === 'DependsOn') return [value].flat();
  return key === 'Fn::GetAtt' ? [value].flat().slice(0, 1) : [];
}

function refersTo(node: unknown, ids: ReadonlySet<string>): boolean {
  if (typeof node !== 'object' || node === null) return false;
  return Object.entries(node).some(([key, value]) => {
    return namesIn(key, value).some((name) => ids.has(String(name))) || refersTo(value, ids);
  });
}

/** Does it import an export of another stack that is not there? */
function importsLost(node: unknown, exported: ReadonlySet<string> | undefined): boolean {
  if (exported === undefined || typeof node !== 'object' || node === null) return false;
  return Object.entries(node).some(([key, value]) =>
    key === 'Fn::ImportValue' ? !exported.has(String(value)) : importsLost(value, exported),
  );
}
