import { readCalico } from './calico-flow';
import { textOf, type ValueForm } from './form';

/** Flows as Whisker's backend answers them (whisker-backend: FlowResponse), one object each. */
export const whisker: ValueForm = {
  what: 'Calico Whisker flow',
  matches: (value) =>
    typeof value.source_name === 'string' && 'dest_name' in value && !('source_type' in value),
  read: (value, sink) =>
    readCalico(
      {
        source: {
          namespace: textOf(value.source_namespace),
          name: textOf(value.source_name),
          type: '',
        },
        destination: {
          namespace: textOf(value.dest_namespace),
          name: textOf(value.dest_name),
          type: '',
        },
        protocol: textOf(value.protocol),
        port: value.dest_port,
        action: textOf(value.action),
        start: value.start_time,
        end: value.end_time,
      },
      sink,
    ),
};
