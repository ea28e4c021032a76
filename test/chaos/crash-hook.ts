/**
 * Preloaded (`--import`) into an agent that is to die at an exact place: counts the system calls by which it changes the kernel
 * and kills the process in front of the n-th. Asleep until the file in LIGATURE_CRASH_AT says n (it is read with each call).
 *
 * Calls that only read count, too: what is enumerated is every moment between two of them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import koffi, { type LibraryHandle } from 'koffi';

const place = process.env['LIGATURE_CRASH_AT'] ?? '';
const watched = /\b(send|sendmsg|ioctl|mount|umount2|unshare|write)\s*\(/;
let done = 0;

/** Number of the call to die in front of; 0: none. The count is written back, so that the test knows how many there were. */
function step(): void {
  let wanted: number;
  try {
    wanted = Number(readFileSync(place, 'utf8'));
  } catch {
    return;
  }
  if (!(wanted > 0)) return;
  done += 1;
  if (done >= wanted) process.kill(process.pid, 'SIGKILL');
  writeFileSync(`${place}.count`, String(done));
}

type Native = ((...args: unknown[]) => unknown) & { async(...args: unknown[]): void };

function counted(call: Native): Native {
  const wrapped = (...args: unknown[]): unknown => (step(), call(...args));
  return Object.assign(wrapped, { async: (...args: unknown[]) => (step(), call.async(...args)) });
}

const { load } = koffi;
koffi.load = (...args: Parameters<typeof load>): LibraryHandle => {
  const library = load(...args);
  return new Proxy(library, {
    get(target, name) {
      if (name !== 'func') return Reflect.get(target, name) as unknown;
      return (definition: string) => {
        const call = target.func(definition) as unknown as Native;
        return watched.test(definition) ? counted(call) : call;
      };
    },
  });
};
