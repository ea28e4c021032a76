/** For tests of messages against the kernel: a namespace with a cable in it, and iproute2 to say what is there. */

import { after } from 'node:test';
import { parseIp, parsePrefix } from '../../model/address.ts';
import type { Ip, Prefix } from '../../model/address.ts';
import { createKernelDriver } from '../create.ts';
import type { KernelDriver } from '../driver.ts';
import { iproute } from '../iproute.ts';
import type { Rtnl } from '../rtnl/port.ts';
import { addAddress } from './address.ts';
import { changeLink, createLink, getLink } from './link.ts';
import type { Link } from './link.ts';

export const ip = (text: string): Ip => parseIp(text)!;
export const net = (text: string): Prefix => parsePrefix(text, { bare: true })!;

export interface Bench {
  readonly name: string;
  readonly driver: KernelDriver;
  readonly rtnl: Rtnl;
  /** One end of the cable, with addresses. */
  readonly port: Link;
  /** What `ip -j` lists there. */
  oracle(...args: string[]): unknown[];
}

let opened = 0;

/** Goes with the file of tests that opened it. */
export async function openBench(): Promise<Bench> {
  const name = `lg-${process.pid}k${opened++}`;
  const driver = await createKernelDriver({ namespace: name });
  after(async () => {
    await driver.close();
    driver.namespaces.delete(name);
  });
  const rtnl = driver.rtnl(driver.vswitch);
  await rtnl.request(createLink({ name: 'p0', kind: { type: 'veth', peer: { name: 'p1' } }, up: true }));
  await rtnl.request(changeLink({ name: 'p1' }, { up: true }));
  const port = (await rtnl.get(getLink({ name: 'p0' })))!;
  await rtnl.request(addAddress({ link: port.index, address: net('10.0.0.1/24') }));
  await rtnl.request(addAddress({ link: port.index, address: net('2001:db8::1/64'), flags: 2 }));
  return { name, driver, rtnl, port, oracle: (...args) => iproute(name, 'ip', ...args) };
}
