/**
 * Run by the crash test: writes transaction after transaction to the store in argv[2], three under way at a time, until it
 * is killed, and prints the number of each once it is acknowledged.
 */
import { writeSync } from 'node:fs';
import { openEmbeddedStore } from '../embedded-store.ts';

const store = await openEmbeddedStore({ path: process.argv[2] ?? '', compactAfter: 100_000 });
let next = (await store.list('log/')).entries.length;

async function writeForEver(): Promise<never> {
  for (;;) {
    const number = next++;
    const value = new TextEncoder().encode(`${number} `.padEnd(100 + ((number * 7919) % 9000), 'x'));
    const same = Array.from({ length: 40 }, (_, slot) => ({ type: 'put', key: `same/${slot}`, value }) as const);
    const log = { type: 'put', key: `log/${String(number).padStart(8, '0')}`, value: new Uint8Array(0) } as const;
    await store.transaction([...same, log]);
    writeSync(1, `${number}\n`);
  }
}

await Promise.all([writeForEver(), writeForEver(), writeForEver()]);
