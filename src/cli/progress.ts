/** Shows on standard error that long work goes on; nothing when it is short or nobody looks. */

const showAfter = 700;
const period = 200;
const frames = ['|', '/', '-', '\\'];

export async function withProgress<T>(what: string, work: Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return work;
  const begin = Date.now();
  let frame = 0;
  let shown = false;
  const timer = setInterval(() => {
    const elapsed = Date.now() - begin;
    if (elapsed < showAfter) return;
    shown = true;
    process.stderr.write(`\r${frames[frame++ % frames.length]} ${what} ... ${(elapsed / 1000).toFixed(0)} s`);
  }, period);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (shown) process.stderr.write('\r\u001b[K');
  }
}
