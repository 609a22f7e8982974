import { type CalicoEnd, readCalico } from './calico-flow';
import { type JsonObject, textOf, type ValueForm } from './form';

/**
 * Flow logs that Felix writes to files, and that Calico Enterprise and Calico Cloud keep: names that
 * replicas share stand in `*_name_aggr`, types in `*_type` (`wep`, `hep`, `ns`, `net`).
 */
export const felix: ValueForm = {
  what: 'Calico file flow log',
  matches: (value) =>
    ('source_name_aggr' in value || 'source_type' in value) &&
    ('dest_name_aggr' in value || 'dest_type' in value),
  read: (value, sink) =>
    readCalico(
      {
        source: endOf(value, 'source'),
        destination: endOf(value, 'dest'),
        protocol: String(value.proto ?? value.protocol ?? ''),
        port: value.dest_port,
        action: textOf(value.action),
        start: value.start_time,
        end: value.end_time,
      },
      sink,
    ),
};

function endOf(value: JsonObject, side: 'source' | 'dest'): CalicoEnd {
  const own = textOf(value[`${side}_name`]);
  const shared = textOf(value[`${side}_name_aggr`]);
  const address = textOf(value[`${side}_ip`]);
  return {
    namespace: textOf(value[`${side}_namespace`]),
    name: own === '' || own === '-' ? shared : own,
    type: textOf(value[`${side}_type`]),
    ...(address !== '' && address !== '-' && { address }),
  };
}
