/** A device of our own, for a moment, whose frames come in by another: tc hands them over. */

import { close, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { KernelDriver } from '../driver.ts';
import { isKernelError, KernelError } from '../errors.ts';
import { changeLink, createLink, deleteLink, getLink, type Link } from '../netlink/link.ts';
import { addClsact, addMirror } from '../netlink/tc.ts';
import { tcPreferences } from '../pipeline/index.ts';
import { errnoNumber } from '../syscall/errno.ts';
import { sendFrame } from '../syscall/raw-frame.ts';
import { openTap } from '../syscall/tuntap.ts';

/** Comes in by a device. */
export interface ArrivingProbe {
  readonly frame: Uint8Array;
  readonly input: { readonly index: number };
  /** Default: a tap where there can be one. */
  readonly by?: 'tap' | 'veth';
}

export interface Entrance extends AsyncDisposable {
  send(): void;
}

/** A tap goes with the process, whatever happens to it. What is left of a veth is removed by the next one. */
export async function openEntrance(driver: KernelDriver, probe: ArrivingProbe): Promise<Entrance> {
  if (probe.by === 'veth') return openVeth(driver, probe);
  try {
    return await openTapEntrance(driver, probe);
  } catch (error) {
    // Containers often have no /dev/net/tun.
    if (probe.by === 'tap' || !isKernelError(error, 'ENOENT', 'ENODEV', 'ENXIO', 'EACCES', 'EPERM')) throw error;
    return openVeth(driver, probe);
  }
}

async function openTapEntrance(driver: KernelDriver, probe: ArrivingProbe): Promise<Entrance> {
  const name = `lgt${process.pid}`;
  const fd = driver.within(driver.vswitch, () => openTap(name));
  // From another thread: the kernel waits for RCU.
  const remove = (): Promise<void> => promisify(close)(fd);
  try {
    await handOver(driver, name, probe);
  } catch (error) {
    await remove();
    throw error;
  }
  return { send: () => void writeSync(fd, probe.frame), [Symbol.asyncDispose]: remove };
}

async function openVeth(driver: KernelDriver, probe: ArrivingProbe): Promise<Entrance> {
  const rtnl = driver.rtnl(driver.vswitch);
  const [near, far] = ['lgtrace0', 'lgtrace1'];
  const remove = (): Promise<void> =>
    rtnl.request(deleteLink({ name: near })).catch((error: unknown) => {
      if (!isKernelError(error, 'ENODEV')) throw error;
    });
  await remove();
  try {
    await rtnl.request(createLink({ name: near, kind: { type: 'veth', peer: { name: far } }, addressGeneration: 1 }));
    await handOver(driver, far, probe);
    await rtnl.request(changeLink({ name: near }, { up: true }));
    const link = await found(driver, near);
    const send = (): void => driver.within(driver.vswitch, () => sendFrame(link.index, probe.frame));
    return { send, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** What this link receives, the probe's device receives. */
async function handOver(driver: KernelDriver, name: string, { frame, input }: ArrivingProbe): Promise<void> {
  const rtnl = driver.rtnl(driver.vswitch);
  // A frame to another address than the link's own would count as somebody else's, and IP would drop it. Groups need none.
  const address = frame.slice(0, 6);
  const own = (address[0]! & 1) === 1 ? {} : { address };
  await rtnl.request(changeLink({ name }, { ...own, addressGeneration: 1 }));
  await rtnl.request(changeLink({ name }, { up: true }));
  const { index: link } = await found(driver, name);
  await rtnl.request(addClsact(link));
  await rtnl.request(
    addMirror({
      ...{ link, direction: 'ingress', priority: tcPreferences.trace.first, action: 'deliver', target: input.index },
      classifier: (await driver.capabilities()).has('tc-matchall') ? 'matchall' : 'u32',
    }),
  );
}

async function found(driver: KernelDriver, name: string): Promise<Link> {
  const link = await driver.rtnl(driver.vswitch).get(getLink({ name }));
  if (link) return link;
  throw new KernelError(errnoNumber('ENODEV'), { operation: `open ${name} to trace a packet` });
}
