/** A fixed amount of work, so that figures of different machines, and of a busy and an idle one, can be told apart. */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { StructSchema, type Struct } from '@bufbuild/protobuf/wkt';
import { create } from '@bufbuild/protobuf';
import { fastest, timed } from './statistics.ts';

/** ms for 200,000 Map entries and 2,000 protobuf messages there and back, the best of three. */
export function calibrate(): Promise<number> {
  return fastest(3, () => timed(work));
}

function work(): number {
  const map = new Map<string, number>();
  for (let index = 0; index < 200_000; index += 1) map.set(`config/vpp/v2/interfaces/tap${index}`, index);
  let sum = 0;
  for (const [key, value] of map) sum += key.length + value;
  const message: Struct = create(StructSchema, {
    fields: {
      name: { kind: { case: 'stringValue', value: 'tap1' } },
      mtu: { kind: { case: 'numberValue', value: 1500 } },
    },
  });
  for (let index = 0; index < 2_000; index += 1)
    sum += Object.keys(fromBinary(StructSchema, toBinary(StructSchema, message)).fields).length;
  return sum;
}
