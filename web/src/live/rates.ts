/** Counters of interfaces, reading by reading, as rates. */

/** What `/api/v1/watch` tells under `counters`. Counters are 64 bits, as text. */
export interface CounterReading {
  /** ms since the epoch. */
  readonly time: number;
  readonly interfaces: readonly InterfaceCounters[];
}

export interface InterfaceCounters {
  readonly key: string;
  readonly name: string;
  readonly device: string;
  readonly place: string;
  readonly operational: 'UP' | 'DOWN' | 'UNKNOWN';
  readonly counters: Readonly<Record<CounterName, string>>;
}

type CounterName =
  | 'rxPackets'
  | 'rxBytes'
  | 'rxErrors'
  | 'rxDropped'
  | 'txPackets'
  | 'txBytes'
  | 'txErrors'
  | 'txDropped';

export interface InterfaceCourse {
  readonly latest: InterfaceCounters;
  readonly time: number;
  /** Bytes a second between two readings, oldest first. */
  readonly rx: readonly number[];
  readonly tx: readonly number[];
}

export type Courses = ReadonlyMap<string, InterfaceCourse>;

/** Rates that are kept. */
const kept = 60;

/** With one more reading. Interfaces that are not in it have gone. A counter that fell was begun anew: its rate is not known. */
export function withReading(courses: Courses, { time, interfaces }: CounterReading): Courses {
  return new Map(
    interfaces.map((latest) => {
      const before = courses.get(latest.key);
      const rate = (counter: CounterName): readonly number[] => {
        const seconds = before === undefined ? 0 : (time - before.time) / 1000;
        if (before === undefined || seconds <= 0) return [];
        const grown = Number(BigInt(latest.counters[counter]) - BigInt(before.latest.counters[counter]));
        return grown < 0 ? [] : [grown / seconds];
      };
      const course: InterfaceCourse = {
        latest,
        time,
        rx: [...(before?.rx ?? []), ...rate('rxBytes')].slice(-kept),
        tx: [...(before?.tx ?? []), ...rate('txBytes')].slice(-kept),
      };
      return [latest.key, course];
    }),
  );
}

/** `1.2 MB/s`. */
export function rateText(bytesPerSecond: number): string {
  const units = ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s'];
  let [value, unit] = [bytesPerSecond, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 99.5 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(2)} ${units[unit]}`;
}
