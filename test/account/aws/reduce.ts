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
): { readonly template: Json; readonly dropped: readonly string[] } {
  const resources = Object.entries(template.Resources as Record<string, Json>);
  const gone = new Set(
    resources.filter(([, { Type }]) => types.includes(String(Type))).map(([id]) => id),
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
      Outputs: Object.fromEntries(outputs.filter(([, output]) => !refersTo(output, gone))),
    },
    dropped: resources.filter(([id]) => gone.has(id)).map(([, { Type }]) => String(Type)),
  };
}

function refersTo(node: unknown, ids: ReadonlySet<string>): boolean {
  if (typeof node !== 'object' || node === null) return false;
  return Object.entries(node).some(([key, value]) => {
    const names =
      key === 'Ref' || key === 'DependsOn'
        ? [value].flat()
        : key === 'Fn::GetAtt'
          ? [value].flat().slice(0, 1)
          : [];
    return names.some((name) => ids.has(String(name))) || refersTo(value, ids);
  });
}
