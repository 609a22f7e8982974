import { unknownId } from '../../model/unknown-id';
import type { Form } from './form';
import { type MetadataOptions, metadataOf, metadataOfUnseen } from './metadata';
import { doubtAt, flagAt, idAt, idsAt, knownText, listAt, mapAt, type Resources } from './resource';
import { isUnknown, isValueMap, type UnknownValue, unknown, type ValueMap } from './value';

/** What a launch template says of the machines it starts; `undefined` where it is in no template. */
export function launchTemplateOf(resources: Resources, named: ValueMap): ValueMap | undefined {
  const keys = ['Id', 'Name', 'LaunchTemplateId', 'LaunchTemplateName'];
  const id = keys.map((key) => idAt(named, key)).find((one) => one !== undefined);
  if (id === undefined) return undefined;
  const found = resources
    .ofType('AWS::EC2::LaunchTemplate')
    .find((t) => t.id === id || knownText(t.properties, 'LaunchTemplateName') === id);
  if (found === undefined) return undefined;
  const data = found.properties.LaunchTemplateData;
  return isUnknown(data) ? undefined : mapAt(found.properties, 'LaunchTemplateData');
}

/** Groups are on the template itself or on its first interface, never on both. */
export function launchGroups(template: ValueMap): readonly string[] {
  const [primary] = listAt(template, 'NetworkInterfaces');
  const onInterface = isValueMap(primary) ? idsAt(primary, 'Groups') : [];
  const hidden = isUnknown(primary) ? [unknownId(primary.unknown)] : [];
  const byName = idsAt(template, 'SecurityGroups').map((name) =>
    unknownId(`security group ${name}`),
  );
  return [...idsAt(template, 'SecurityGroupIds'), ...onInterface, ...hidden, ...byName];
}

/** A launch template's interface in the words of an instance's properties. */
export function templateInterface(template: ValueMap): ValueMap {
  const interfaces = listAt(template, 'NetworkInterfaces').filter(isValueMap);
  const lists = interfaces.map((one) => ({ ...one, GroupSet: idValues(one, 'Groups') }));
  return interfaces.length === 0
    ? { SecurityGroupIds: template.SecurityGroupIds ?? [] }
    : { NetworkInterfaces: lists };
}

const idValues = (from: ValueMap, key: string) => listAt(from, key);

/** Instances that EC2 starts and replaces by itself. */
export const SCALING_GROUP = 'AWS::AutoScaling::AutoScalingGroup';

/** Where a scaling group's machines stand, by its launch template or launch configuration. */
export function scalingForm(properties: ValueMap, resources: Resources): Form {
  const { securityGroups, isPublic } = startedBy(properties, resources);
  return {
    subnets: idsAt(properties, 'VPCZoneIdentifier'),
    ...(securityGroups.length === 0 ? {} : { securityGroups }),
    public: isPublic,
    serves: [],
  };
}

/** The instance metadata service of a scaling group's machines. */
export const startedMetadata = (properties: ValueMap, resources: Resources): MetadataOptions =>
  startedBy(properties, resources).metadata;

interface Started {
  readonly metadata: MetadataOptions;
  readonly securityGroups: readonly string[];
  readonly isPublic: Form['public'];
}

/** Groups and public address of machines whose template or configuration is not known. */
function hidden(what: string): Started {
  const isPublic: UnknownValue = unknown(what);
  return { securityGroups: [unknownId(what)], isPublic, metadata: metadataOfUnseen(what) };
}

function startedBy(properties: ValueMap, resources: Resources): Started {
  const keys = ['LaunchTemplate', 'MixedInstancesPolicy', 'LaunchConfigurationName', 'InstanceId'];
  const doubt = keys.map((key) => doubtAt(properties, key)).find((what) => what !== undefined);
  if (doubt !== undefined) return hidden(doubt);
  const configuration = idAt(properties, 'LaunchConfigurationName');
  if (configuration !== undefined) return configuredBy(configuration, resources);
  const mixed = mapAt(mapAt(properties, 'MixedInstancesPolicy'), 'LaunchTemplate');
  const named = {
    ...mapAt(mixed, 'LaunchTemplateSpecification'),
    ...mapAt(properties, 'LaunchTemplate'),
  };
  const template = launchTemplateOf(resources, named);
  if (template === undefined) return hidden('a launch template that is in no template');
  const [first] = listAt(template, 'NetworkInterfaces');
  return {
    securityGroups: launchGroups(template),
    isPublic: publicBy(first),
    metadata: metadataOf(template),
  };
}

function publicBy(primary: unknown): Form['public'] {
  if (isUnknown(primary)) return primary;
  const from = isValueMap(primary as ValueMap) ? (primary as ValueMap) : {};
  if (from.AssociatePublicIpAddress === undefined) return 'as-subnet';
  return flagAt(from, 'AssociatePublicIpAddress');
}

/** A launch configuration (CloudFormation: AWS::AutoScaling::LaunchConfiguration). */
function configuredBy(id: string, resources: Resources): Started {
  const found = resources
    .ofType('AWS::AutoScaling::LaunchConfiguration')
    .find((one) => one.id === id || knownText(one.properties, 'LaunchConfigurationName') === id);
  if (found === undefined) return hidden(`launch configuration ${id}`);
  return {
    securityGroups: idsAt(found.properties, 'SecurityGroups'),
    isPublic: publicBy(found.properties),
    metadata: metadataOf(found.properties),
  };
}
