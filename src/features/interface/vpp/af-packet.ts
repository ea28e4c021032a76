/** AF_PACKET: VPP reads and writes the packets of a device of its host, and leaves it to the host otherwise. */

import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { AfpacketLink } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { getLink } from '../../../kernel/netlink/link.ts';
import { afPacketFlags } from '../../../vpp/index.ts';
import type { VppClient } from '../../../vpp/index.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView } from '../../../scheduler/handler.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { KernelLinuxInterface } from '../../linux-interface/kernel-metadata.ts';
import { hostInterfaceDependency, linuxInterfaceKey } from '../../linux-interface/model.ts';
import { lacking } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { linkOf, naming } from './maker.ts';
import type { InterfaceMaker } from './maker.ts';
import { packetSocketDevices } from './packet-sockets.ts';

/**
 * What the host leaves to its cards (checksums, segments) VPP does, or passes on as it came. Without, TCP from one VETH to another has
 * wrong checksums: nothing but pings gets through.
 */
const WITH_CHECKSUMS = 'AF_PACKET_API_FLAG_CKSUM_GSO';

const CREATE = ['af_packet_create_v3', 'af_packet_create_v2', 'af_packet_create'] as const;

export function afPacketMaker(engine: VppEngine): InterfaceMaker {
  const { client, host } = engine;
  return {
    type: Interface_Type.AF_PACKET,
    deviceTypes: ['af-packet'],
    macIsFixed: true,
    unsupported({ link }) {
      if (link.case === 'afpacket' && link.value.linuxInterface !== '' && !host) {
        return 'vpp: this agent makes no Linux interfaces: name the device of the host in host_if_name';
      }
      return lacking(engine, CREATE, ['af_packet_delete']);
    },
    dependencies({ link }) {
      // None: found, and not whole.
      if (!host || link.case !== 'afpacket' || link.value.linuxInterface !== '') return [];
      // A device that is replaced by another one of its name leaves VPP's socket on nothing.
      return [{ ...hostInterfaceDependency(link.value.hostIfName), watches: 'change' }];
    },
    async create(context, value) {
      const { signal } = context;
      const host_if_name = hostNameOf(engine, context, linkOf(value, 'afpacket'));
      const mac = value.physAddress === '' ? { use_random_hw_addr: true } : { hw_addr: value.physAddress };
      const fields = { host_if_name, ...mac };
      const name = client.pick(...CREATE);
      const request =
        name === 'af_packet_create_v3'
          ? client.request(
              name,
              { ...fields, mode: 'AF_PACKET_API_MODE_ETHERNET', flags: afPacketFlags[WITH_CHECKSUMS] },
              { signal },
            )
          : client.request(name, fields, { signal });
      return (await naming(`device ${host_if_name} of VPP's host`, request)).sw_if_index;
    },
    async remove({ signal }, value, { swIfIndex }) {
      const configured = value.link.case === 'afpacket' ? value.link.value.hostIfName : '';
      // Of a Linux interface, or found broken.
      const host_if_name = configured || (await nameInVpp(client, swIfIndex, signal));
      if (host_if_name !== undefined) await client.request('af_packet_delete', { host_if_name }, { signal });
    },
    async read({ details, dump, graph, wanted }) {
      const sockets = await dump.list('af_packet_dump', {});
      const socket = sockets.find(({ sw_if_index }) => sw_if_index === details.sw_if_index);
      if (!socket || wanted.link.case !== 'afpacket') return undefined;
      const { host_if_name: name } = socket;
      if (host && !(await isOnDevice(host, client.pid, name))) return undefined;
      const link = wanted.link.value;
      const isWanted = link.linuxInterface !== '' && nameOf(graph, link.linuxInterface) === name;
      return { case: 'afpacket', value: isWanted ? link : { ...link, linuxInterface: '', hostIfName: name } };
    },
  };
}

async function nameInVpp(client: VppClient, swIfIndex: number, signal: AbortSignal): Promise<string | undefined> {
  const sockets = await client.list('af_packet_dump', {}, { signal });
  return sockets.find(({ sw_if_index }) => sw_if_index === swIfIndex)?.host_if_name;
}

function hostNameOf({ host }: VppEngine, graph: GraphView, { linuxInterface, hostIfName }: AfpacketLink): string {
  if (linuxInterface === '') return hostIfName;
  const device = graph.metadata<KernelLinuxInterface>(linuxInterfaceKey(linuxInterface));
  if (!device) throw new SchedulerError('failed', `Linux interface ${linuxInterface} is not there`);
  if (device.namespace.id !== host?.driver.own.id) {
    const where = `Linux interface ${linuxInterface} is in ${device.namespace.label}`;
    const text = `${where}; VPP reads packets of devices in its own namespace only: leave this end of the VETH there`;
    throw new SchedulerError('failed', text, { retriable: false });
  }
  return device.name;
}

/** After a restart of the agent the Linux interface is read later: its configured name counts then. */
function nameOf(graph: GraphView, linuxInterface: string): string | undefined {
  const key = linuxInterfaceKey(linuxInterface);
  const device = graph.metadata<KernelLinuxInterface>(key);
  if (device) return device.name;
  const wanted = graph.desired(key) as { readonly hostIfName: string } | undefined;
  return wanted && (wanted.hostIfName || linuxInterface);
}

/** Whether VPP's socket is on the device that has this name now. */
async function isOnDevice({ driver }: KernelEngine, pid: number, name: string): Promise<boolean> {
  const devices = await packetSocketDevices(pid);
  if (!devices) return true;
  const link = await driver.rtnl(driver.own).get(getLink({ name }));
  return link !== undefined && devices.has(link.index);
}
