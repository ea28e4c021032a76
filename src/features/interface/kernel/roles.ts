/** Roles in the marks of devices that stand for one interface. */
export const interfaceRoles: ReadonlySet<string> = new Set([
  'tap',
  'loopback',
  'af-packet',
  'dpdk',
  'rdma',
  'vmxnet3',
  'vxlan',
  'sub',
  'bond',
  'gre',
  'ipip',
  'ipsec',
  'wireguard',
]);
