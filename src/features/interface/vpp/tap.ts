/** TAP: a device of the host whose packets go through memory that VPP shares with its kernel (`/dev/vhost-net`). */

import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface, TapLink } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { structurallyEqual } from '../../../scheduler/equality.ts';
import { tapFlags } from '../../../vpp/index.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { hostNameOfTap } from '../model/tap-name.ts';
import { naming } from './maker.ts';
import type { InterfaceMaker } from './maker.ts';

const CREATE = ['tap_create_v3', 'tap_create_v2'] as const;

export function tapMaker(engine: VppEngine): InterfaceMaker {
  const { client } = engine;
  return {
    type: Interface_Type.TAP,
    // Before VPP 26.02 it was one of the virtio devices.
    deviceTypes: ['tap', 'virtio'],
    unsupported({ link }) {
      if (link.case === 'tap' && link.value.toMicroservice !== '') {
        return 'vpp: tap.to_microservice is not supported yet: a TAP is made in the namespace of VPP';
      }
      return lacking(engine, CREATE, ['tap_delete_v2'], ['sw_interface_tap_v2_dump']);
    },
    async create({ signal }, value) {
      const host_if_name = hostNameOfTap(value);
      const {
        rxRingSize = 0,
        txRingSize = 0,
        enableGso = false,
        enableTunnel = false,
      }: Partial<TapLink> = tapOf(value);
      const mac = value.physAddress === '' ? { use_random_mac: true } : { mac_address: value.physAddress };
      const fields = {
        id: NO_INDEX,
        ...mac,
        num_rx_queues: 1,
        rx_ring_sz: rxRingSize || RING,
        tx_ring_sz: txRingSize || RING,
        host_if_name_set: true,
        host_if_name,
        tap_flags: (enableGso ? tapFlags[GSO] : 0) | (enableTunnel ? tapFlags[TUN] : 0),
        tag: value.name,
      };
      const what = `the device ${host_if_name} could not be made; VPP needs /dev/vhost-net and /dev/net/tun for it`;
      return (await naming(what, client.request(client.pick(...CREATE), fields, { signal }))).sw_if_index;
    },
    async remove({ signal }, _value, { swIfIndex }) {
      await client.request('tap_delete_v2', { sw_if_index: swIfIndex }, { signal });
    },
    recreate: (from, to) => !structurallyEqual(from.link, to.link),
    async read({ details, dump, wanted }) {
      const taps = await dump.list('sw_interface_tap_v2_dump', { sw_if_index: NO_INDEX });
      const tap = taps.find(({ sw_if_index }) => sw_if_index === details.sw_if_index);
      if (!tap || (wanted.link.case !== 'tap' && wanted.link.case !== undefined)) return undefined;
      const found = { rxRingSize: tap.rx_ring_sz, txRingSize: tap.tx_ring_sz, hostIfName: tap.host_if_name };
      const isDefault =
        found.rxRingSize === RING && found.txRingSize === RING && found.hostIfName === hostNameOfTap(wanted);
      if (wanted.link.case === undefined) return isDefault ? wanted.link : undefined;
      const { value } = wanted.link;
      return {
        case: 'tap',
        value: {
          ...value,
          rxRingSize: value.rxRingSize === 0 && found.rxRingSize === RING ? 0 : found.rxRingSize,
          txRingSize: value.txRingSize === 0 && found.txRingSize === RING ? 0 : found.txRingSize,
          hostIfName: hostNameOfTap(wanted) === found.hostIfName ? value.hostIfName : found.hostIfName,
          enableGso: (tap.tap_flags & tapFlags[GSO]) !== 0,
          enableTunnel: (tap.tap_flags & tapFlags[TUN]) !== 0,
        },
      };
    },
  };
}

const RING = 256;
const GSO = 'TAP_API_FLAG_GSO';
const TUN = 'TAP_API_FLAG_TUN';

function tapOf({ link }: Interface): Partial<TapLink> {
  return link.case === 'tap' ? link.value : {};
}
