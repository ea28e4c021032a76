/** The public face of the kernel driver. Messages are made by the functions in `netlink/` and `nftables/`. */
export { createKernelDriver } from './create.ts';
export type * from './driver.ts';
export { KernelError } from './errors.ts';
