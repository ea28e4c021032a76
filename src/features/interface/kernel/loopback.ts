/**
 * SOFTWARE_LOOPBACK: a veth pair inside the vswitch. The near end is the interface; the other end is up, so that there is
 * carrier, and becomes a port of the bridge while the loopback is the BVI of a bridge domain. The interface exists before and
 * after its bridge domain and keeps addresses, ACLs and NAT. (A dummy device could not become a BVI.)
 */

import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { changeLink } from '../../../kernel/netlink/link.ts';
import { deviceName } from '../../../kernel/ownership/device-name.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import { commonSettings, makeDevice, markOf, readCommon, removeDevice } from '../../kernel/device.ts';
import type { DeviceMaker } from './maker.ts';

export function loopbackMaker(engine: KernelEngine): DeviceMaker {
  const rtnl = engine.driver.rtnl(engine.driver.vswitch);
  return {
    type: Interface_Type.SOFTWARE_LOOPBACK,
    role: 'loopback',
    async create(_context, value) {
      const name = deviceName(value.name);
      const portName = deviceName(value.name, 'p');
      const link = await makeDevice(rtnl, {
        ...commonSettings(value),
        name,
        alias: markOf(engine, 'loopback', value.name),
        kind: { type: 'veth', peer: { name: portName } },
      });
      const alias = markOf(engine, 'loopback-port', value.name);
      await rtnl.request(changeLink({ index: link.link! }, { up: true, alias }));
      return { ifindex: link.index, name, port: { ifindex: link.link!, name: portName } };
    },
    remove: (_context, _value, metadata) => removeDevice(rtnl, metadata.ifindex),
    async read({ link, dump, wanted }) {
      const port = link.link === undefined ? undefined : (await dump.linksByIndex()).get(link.link);
      if (link.kind?.type !== 'veth' || !port?.up) return undefined;
      const metadata = { ifindex: link.index, name: link.name, port: { ifindex: port.index, name: port.name } };
      return { value: { ...wanted, ...readCommon(link, wanted) }, metadata };
    },
  };
}
