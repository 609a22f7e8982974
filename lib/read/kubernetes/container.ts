import { dnsLabel, portName, portNumber, portProtocol } from '../schema/names';
import { list, object, oneOf, type Read, text } from '../schema/shape';

const containerPort = object({
  required: { containerPort: portNumber },
  omitEmpty: { name: portName, protocol: portProtocol, hostIP: text() },
  omitZero: { hostPort: portNumber },
});

const CONTAINER_FIELDS = [
  'args',
  'command',
  'env',
  'envFrom',
  'image',
  'imagePullPolicy',
  'lifecycle',
  'livenessProbe',
  'readinessProbe',
  'resizePolicy',
  'resources',
  'restartPolicyRules',
  'securityContext',
  'startupProbe',
  'stdin',
  'stdinOnce',
  'terminationMessagePath',
  'terminationMessagePolicy',
  'tty',
  'volumeDevices',
  'volumeMounts',
  'workingDir',
] as const;

/** A container, as far as packets care. */
export const container = object({
  optional: { ports: list(containerPort), restartPolicy: oneOf('Always', 'OnFailure', 'Never') },
  omitEmpty: { name: dnsLabel },
  ignored: CONTAINER_FIELDS,
});

export type Container = Read<typeof container>;
