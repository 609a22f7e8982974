import { readCalico } from './calico-flow';
import { type JsonObject, objectOf, type ValueForm } from './form';

/**
 * Flows as Goldmane's API answers them (goldmane/proto/api.proto: FlowResult), in the names of
 * protobuf's JSON (`sourceName`) or of Go's (`source_name`), enumerations by name or by number.
 */
export const goldmane: ValueForm = {
  what: 'Calico Goldmane flow',
  matches: (value) => keyOf(value) !== undefined,
  read: (value, sink) => {
    const key = keyOf(value) ?? {};
    const flow = flowOf(value);
    return readCalico(
      {
        source: endOf(key, 'source'),
        destination: endOf(key, 'dest'),
        protocol: String(key.proto ?? ''),
        port: either(key, 'destPort', 'dest_port'),
        action: named(key.action, ACTIONS),
        start: either(flow, 'startTime', 'start_time'),
        end: either(flow, 'endTime', 'end_time'),
      },
      sink,
    );
  },
};

/** Values of the enumerations `Action` and `EndpointType`. */
const ACTIONS = ['', 'Allow', 'Deny', 'Pass'];
const TYPES = ['', 'WorkloadEndpoint', 'HostEndpoint', 'NetworkSet', 'Network'];

const flowOf = (value: JsonObject): JsonObject => ('flow' in value ? objectOf(value.flow) : value);

function keyOf(value: JsonObject): JsonObject | undefined {
  const flow = flowOf(value);
  const key = objectOf(flow.Key ?? flow.key);
  return 'sourceName' in key || 'source_name' in key || 'destName' in key || 'dest_name' in key
    ? key
    : undefined;
}

const either = (value: JsonObject, camel: string, snake: string): unknown =>
  value[camel] ?? value[snake];

const endOf = (key: JsonObject, side: 'source' | 'dest') => ({
  namespace: String(either(key, `${side}Namespace`, `${side}_namespace`) ?? ''),
  name: String(either(key, `${side}Name`, `${side}_name`) ?? ''),
  type: named(either(key, `${side}Type`, `${side}_type`), TYPES),
});

const named = (value: unknown, names: readonly string[]): string =>
  typeof value === 'number' ? (names[value] ?? '') : String(value ?? '');
