import { portName, portNumber, portProtocol } from './names';
import { list, object, text } from './shape';

const containerPort = object({
  required: { containerPort: portNumber },
  optional: { name: portName, protocol: portProtocol },
  ignored: ['hostIP', 'hostPort'],
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
  optional: { name: text(), ports: list(containerPort), restartPolicy: text() },
  ignored: CONTAINER_FIELDS,
});
