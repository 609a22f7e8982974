import type {
  IIoHost,
  IoMessage,
  StackActivity,
  StackMonitoringControlEvent,
} from '@aws-cdk/toolkit-lib';

/** What a deployment tells while it runs. */
export type DeployEvent =
  | { readonly kind: 'stack-started'; readonly stack: string; readonly resources: number }
  | {
      readonly kind: 'resource';
      readonly stack: string;
      /** Path of the construct, or the logical id where the assembly knows no path. */
      readonly resource: string;
      readonly type: string;
      /** CloudFormation's word, `CREATE_IN_PROGRESS`. */
      readonly status: string;
      /** Why, where CloudFormation says so; it does when something fails. */
      readonly reason: string | undefined;
      readonly done: number;
      readonly total: number;
    }
  /** Its monitoring ended: done, or failed with a resource event that says why. */
  | { readonly kind: 'stack-done'; readonly stack: string; readonly seconds: number }
  | { readonly kind: 'note'; readonly level: 'error' | 'warn'; readonly text: string };

/**
 * A host for the CDK toolkit: its messages become events, and its questions get the default answer,
 * because the user has confirmed the whole deployment before.
 */
export function progressHost(onEvent: (event: DeployEvent) => void): IIoHost {
  const started = new Map<string, number>();
  const handle = (message: IoMessage<unknown>): void => {
    const event = eventOf(message, started);
    if (event !== undefined) onEvent(event);
  };
  return {
    notify: async (message) => handle(message),
    requestResponse: async (message) => {
      handle(message);
      return message.defaultResponse;
    },
  };
}

/**
 * The event in a message, by its code (AWS CDK toolkit library, message registry): I5501 and I5503
 * a stack's monitoring starts and ends, I5502 a resource moves.
 */
function eventOf(
  { code, data, level, message, time }: IoMessage<unknown>,
  started: Map<string, number>,
): DeployEvent | undefined {
  switch (code) {
    case 'CDK_TOOLKIT_I5501': {
      const { deployment, stackName, resourcesTotal } = data as StackMonitoringControlEvent;
      started.set(deployment, time.getTime());
      return { kind: 'stack-started', stack: stackName, resources: resourcesTotal ?? 0 };
    }
    case 'CDK_TOOLKIT_I5502':
      return resourceEvent(data as StackActivity);
    case 'CDK_TOOLKIT_I5503': {
      const { deployment, stackName } = data as StackMonitoringControlEvent;
      const since = started.get(deployment) ?? time.getTime();
      return { kind: 'stack-done', stack: stackName, seconds: (time.getTime() - since) / 1000 };
    }
    default:
      if (level !== 'error' && level !== 'warn') return undefined;
      return { kind: 'note', level, text: message };
  }
}

function resourceEvent({ event, metadata, progress }: StackActivity): DeployEvent {
  return {
    kind: 'resource',
    stack: event.StackName ?? '',
    resource: metadata?.constructPath ?? event.LogicalResourceId ?? '',
    type: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    reason: event.ResourceStatusReason,
    done: progress.completed,
    total: progress.total ?? 0,
  };
}

/** An event as a line for a person. */
export function deployText(event: DeployEvent): string {
  switch (event.kind) {
    case 'stack-started':
      return `${event.stack}: ${event.resources} resources`;
    case 'resource': {
      const reason = event.reason === undefined ? '' : `: ${event.reason}`;
      const of = `${event.done}/${event.total}`;
      return `${event.stack} ${of} ${event.status} ${event.type} ${event.resource}${reason}`;
    }
    case 'stack-done':
      return `${event.stack}: done in ${event.seconds.toFixed(0)} s`;
    case 'note':
      return event.text;
  }
}
