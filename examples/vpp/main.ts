/** `node main.ts [SOCKET]`: a loopback interface, an address and a route in VPP, for a moment. */

import { connectVpp, isVppError } from 'ligature/vpp';

const path = process.argv[2] ?? '/run/vpp/api.sock';
const vpp = await connectVpp({ path });
console.log(`VPP ${vpp.version}, process ${vpp.pid}`);

const { sw_if_index } = await vpp.request('create_loopback');
const route = { prefix: '10.77.0.0/16', paths: [{ sw_if_index, weight: 1, nh: { address: '10.76.0.2' } }] };
try {
  // These go out together, and VPP works them off in this order.
  await Promise.all([
    vpp.request('sw_interface_set_flags', { sw_if_index, flags: 'IF_STATUS_API_FLAG_ADMIN_UP' }),
    vpp.request('sw_interface_add_del_address', { sw_if_index, is_add: true, prefix: '10.76.0.1/24' }),
    vpp.request(vpp.pick('ip_route_add_del_v2', 'ip_route_add_del'), { is_add: true, route }),
  ]);
  for (const { interface_name, l2_address } of await vpp.list('sw_interface_dump')) {
    console.log(`${interface_name} ${l2_address}`);
  }
} catch (error) {
  if (!isVppError(error, 'refused')) throw error;
  console.log(`VPP refuses: ${error.reason}`);
} finally {
  await vpp.request('delete_loopback', { sw_if_index });
  await vpp.close();
}
