import type { Form } from './template-form';
import { knownText, listAt, mapAt, type Resources, textAt, textsAt } from './template-resource';
import { isValueMap, type ValueMap } from './template-value';

/** What a launch template says of the machines it starts; `undefined` where it is in no template. */
export function launchTemplateOf(resources: Resources, named: ValueMap): ValueMap | undefined {
  const id =
    textAt(named, 'Id') ??
    textAt(named, 'Name') ??
    textAt(named, 'LaunchTemplateId') ??
    textAt(named, 'LaunchTemplateName');
  if (id === undefined) return undefined;
  const found = resources
    .ofType('AWS::EC2::LaunchTemplate')
    .find((t) => t.id === id || knownText(t.properties, 'LaunchTemplateName') === id);
  return found === undefined ? undefined : mapAt(found.properties, 'LaunchTemplateData');
}

/** Groups are on the template itself or on its first interface, never on both. */
export function launchGroups(template: ValueMap): readonly string[] {
  const [primary] = listAt(template, 'NetworkInterfaces');
  const onInterface = isValueMap(primary) ? textsAt(primary, 'Groups') : [];
  return [...textsAt(template, 'SecurityGroupIds'), ...onInterface];
}

/** Instances that EC2 starts and replaces by itself. */
export const SCALING_GROUP = 'AWS::AutoScaling::AutoScalingGroup';

/** Where a scaling group's machines stand, by its launch template. */
export function scalingForm(properties: ValueMap, resources: Resources): Form {
  const mixed = mapAt(mapAt(properties, 'MixedInstancesPolicy'), 'LaunchTemplate');
  const named = {
    ...mapAt(mixed, 'LaunchTemplateSpecification'),
    ...mapAt(properties, 'LaunchTemplate'),
  };
  const template = launchTemplateOf(resources, named);
  const [first] = listAt(template ?? {}, 'NetworkInterfaces');
  const associated = isValueMap(first) ? first.AssociatePublicIpAddress : undefined;
  return {
    subnets: textsAt(properties, 'VPCZoneIdentifier'),
    ...(template === undefined ? {} : { securityGroups: launchGroups(template) }),
    public: associated === undefined ? 'as-subnet' : String(associated) === 'true',
    serves: [],
  };
}
