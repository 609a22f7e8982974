import type { World } from '../../model/world';
import { answers } from './answers';
import { felix } from './felix';
import { FOREIGN_FORMS } from './foreign';
import type { JsonObject, RecordSink, ValueForm } from './form';
import { goldmane } from './goldmane';
import { hubble, hubbleEvents, hubbleLost } from './hubble';
import { columnsOf } from './vpc-fields';
import { readVpcValues } from './vpc-record';
import { whisker } from './whisker';

/** The forms of JSON records; the first that matches reads a record. */
export const valueForms = (world: World): readonly ValueForm[] => [
  felix,
  whisker,
  goldmane,
  hubble,
  hubbleLost,
  hubbleEvents,
  vpcObject,
  answers(world),
];

/** The fields of a VPC flow log as one object: rows of Parquet files, Firehose, Athena's JSON. */
const vpcObject: ValueForm = {
  what: 'VPC flow log',
  matches: (value) => {
    const { srcaddr, dstaddr, pktsrcaddr } = columnsOf(Object.keys(value)).at;
    return (srcaddr !== -1 || pktsrcaddr !== -1) && (dstaddr !== -1 || pktsrcaddr !== -1);
  },
  read: (value, sink) => readVpcObject(value, sink),
};

function readVpcObject(value: JsonObject, sink: RecordSink): string | undefined {
  const columns = columnsOf(Object.keys(value));
  const values = Object.values(value).map((one) =>
    one === null || one === undefined || one === '' ? '-' : String(one),
  );
  const outcome = readVpcValues(values, columns, sink);
  return outcome === 'read' ? undefined : outcome;
}

/** What a text is that is no flow record, where that can be seen. */
export const foreignName = (text: string): string | undefined =>
  FOREIGN_FORMS.find(({ matches }) => matches(text.slice(0, 4096)))?.what;
