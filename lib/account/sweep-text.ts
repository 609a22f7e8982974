import { usd } from './cost-text';
import { type Leftover, describe as nameOf } from './leftover';
import type { Sorted } from './owner';
import { heldBy, stagesOf } from './stages';
import type { SweepEvent, SweepResult } from './sweep';

/** A dry run as lines: exactly what a teardown would remove now, in its order, and what it costs. */
export function planText({ ours, foreign }: Sorted, lab: string): readonly string[] {
  if (ours.length === 0) return [`nothing of ${lab} is in this account`, ...foreignText(foreign)];
  const stages = stagesOf(ours, lab);
  const shown = new Set(stages.flatMap(({ steps, waits }) => [...steps, ...waits]));
  const rest = ours.filter((item) => !shown.has(item) && heldBy(item, ours) === undefined);
  return [
    `${ours.length} resources of ${lab} would go, in this order:`,
    ...stages.flatMap(({ name, steps, waits }) => [
      `  ${name}`,
      ...[...steps, ...waits].flatMap((item) => [
        `    ${nameOf(item)}${itemNote(item)}`,
        ...(item.kind === 'stack' ? membersText(item, ours) : []),
      ]),
    ]),
    ...(rest.length === 0 ? [] : ['  with what holds them, or by hand']),
    ...rest.map((item) => `    ${nameOf(item)}${itemNote(item)}`),
    `they cost ${usd(perHour(ours))} an hour`,
    ...foreignText(foreign),
  ];
}

/** How a sweep ended, as lines: the inventory, and for what is left the command that removes it. */
export function resultText(
  { removed, left, foreign }: SweepResult,
  at: { readonly lab: string; readonly region: string },
): readonly string[] {
  const items = left.map(({ item }) => item);
  return [
    `${removed.length} removals asked for`,
    left.length === 0
      ? `inventory: empty, nothing of ${at.lab} is left`
      : `inventory: ${left.length} left, ${usd(perHour(items))} an hour`,
    ...left.flatMap(({ item, reason }) => [
      `  ${nameOf(item)}${itemNote(item)}`,
      ...(reason === undefined ? [] : [`    refused: ${reason}`]),
      `    ${item.kind === 'other' ? 'look at it' : 'remove it'}: ${removalCommand(item, at.region)}`,
    ]),
    ...foreignText(foreign),
  ];
}

/** One event of a sweep in progress as a line. */
export function eventText(event: SweepEvent): string {
  switch (event.kind) {
    case 'looked':
      return `${event.left} left`;
    case 'look-failed':
      return `could not look around, trying again: ${event.reason}`;
    case 'stage':
      return `${event.name}: ${event.steps} to remove`;
    case 'removed':
      return `removed ${nameOf(event.item)}`;
    case 'refused':
      return `refused for now: ${nameOf(event.item)}: ${event.reason}`;
    case 'waiting':
      return `waiting for ${event.for.length}: ${event.for.slice(0, 3).map(nameOf).join(', ')}`;
  }
}

/** The AWS CLI's command that removes one resource. */
export function removalCommand({ kind, id, status }: Leftover, region: string): string {
  const [first = '', second = ''] = id.split('/');
  // CloudFormation forces only what failed before.
  const force = status.kind === 'failed' ? ' --deletion-mode FORCE_DELETE_STACK' : '';
  const command = (): string => {
    switch (kind) {
      case 'stack':
        return `cloudformation delete-stack --stack-name ${id}${force}`;
      case 'load-balancer':
        return `elbv2 delete-load-balancer --load-balancer-arn ${id}`;
      case 'classic-load-balancer':
        return `elb delete-load-balancer --load-balancer-name ${id}`;
      case 'target-group':
        return `elbv2 delete-target-group --target-group-arn ${id}`;
      case 'node-group':
        return `eks delete-nodegroup --cluster-name ${first} --nodegroup-name ${second}`;
      case 'fargate-profile':
        return `eks delete-fargate-profile --cluster-name ${first} --fargate-profile-name ${second}`;
      case 'cluster':
        return `eks delete-cluster --name ${id}`;
      case 'log-group':
        return `logs delete-log-group --log-group-name ${id}`;
      case 'other':
        return `resourcegroupstaggingapi get-resources --resource-arn-list ${id}`;
      case 'address':
        return `ec2 release-address --allocation-id ${id}`;
      case 'instance':
        return `ec2 terminate-instances --instance-ids ${id}`;
      case 'transit-gateway-attachment':
        return `ec2 delete-transit-gateway-vpc-attachment --transit-gateway-attachment-id ${id}`;
      case 'peering':
        return `ec2 delete-vpc-peering-connection --vpc-peering-connection-id ${id}`;
      case 'vpc-endpoint':
        return `ec2 delete-vpc-endpoints --vpc-endpoint-ids ${id}`;
      case 'flow-log':
        return `ec2 delete-flow-logs --flow-log-ids ${id}`;
      case 'security-group':
        return `ec2 delete-security-group --group-id ${id}`;
      case 'launch-template':
      case 'nat-gateway':
      case 'network-interface':
      case 'volume':
      case 'subnet':
      case 'route-table':
      case 'network-acl':
      case 'egress-only-internet-gateway':
      case 'internet-gateway':
      case 'vpn-gateway':
      case 'vpc':
        return `ec2 delete-${kind} --${kind}-id ${id}`;
    }
  };
  return `aws ${command()} --region ${region}`;
}

const perHour = (items: readonly Leftover[]): number =>
  items.reduce((sum, item) => sum + item.perHour, 0);

function itemNote({ status, perHour: cost }: Leftover): string {
  const price = cost === 0 ? '' : `, ${usd(cost)} an hour`;
  switch (status.kind) {
    case 'idle':
      return price;
    case 'attached':
      return `${price}, goes with its ${status.to}`;
    case 'going':
      return `${price}, already going`;
    case 'failed':
      return `${price}, failed before: ${status.reason}`;
  }
}

function membersText(stack: Leftover, ours: readonly Leftover[]): readonly string[] {
  const members = ours.filter((item) => heldBy(item, ours) === stack.name);
  return members.map((item) => `      ${nameOf(item)}${itemNote(item)}`);
}

const foreignText = (foreign: Sorted['foreign']): readonly string[] =>
  foreign.length === 0
    ? []
    : [
        'left alone, because somebody else owns it:',
        ...foreign.map(({ item, because }) => `  ${nameOf(item)}: ${because}`),
      ];
