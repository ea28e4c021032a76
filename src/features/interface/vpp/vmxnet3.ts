/** VMXNET3_INTERFACE: a network card of a VMware guest, which VPP drives itself. */

import { Interface_Type } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';
import { structurallyEqual } from '../../../scheduler/equality.ts';
import { lacking, NO_INDEX } from '../../vpp/engine.ts';
import type { VppEngine } from '../../vpp/engine.ts';
import { naming } from './maker.ts';
import type { InterfaceMaker } from './maker.ts';

const RING = 1024;

export function vmxnet3Maker(engine: VppEngine): InterfaceMaker {
  const { client } = engine;
  return {
    type: Interface_Type.VMXNET3_INTERFACE,
    deviceTypes: ['VMXNET3 interface'],
    unsupported: () => lacking(engine, ['vmxnet3_create'], ['vmxnet3_delete']),
    async create({ signal }, value) {
      const { enableElog = false, rxqSize = 0, txqSize = 0 } = value.link.case === 'vmxNet3' ? value.link.value : {};
      const fields = {
        pci_addr: packedAddress(value),
        enable_elog: enableElog ? 1 : 0,
        rxq_size: rxqSize || RING,
        txq_size: txqSize || RING,
      };
      const what = `the card at PCI address ${pciAddress(value).join(':')} has to be there, and bound to a driver for VPP`;
      return (await naming(what, client.request('vmxnet3_create', fields, { signal }))).sw_if_index;
    },
    async remove({ signal }, _value, { swIfIndex }) {
      await client.request('vmxnet3_delete', { sw_if_index: swIfIndex }, { signal });
    },
    recreate: (from, to) => !structurallyEqual(from.link, to.link),
    async read({ details, dump, wanted }) {
      const cards = [
        ...(await dump.list('sw_vmxnet3_interface_dump', { sw_if_index: NO_INDEX })),
        ...(client.has('sw_vmxnet3_interface_dump') ? [] : await dump.list('vmxnet3_dump', {})),
      ];
      const card = cards.find(({ sw_if_index }) => sw_if_index === details.sw_if_index);
      return card?.pci_addr === packedAddress(wanted) ? wanted.link : undefined;
    },
  };
}

/** Domain, bus, slot and function of `vmxnet3-D/B/S/F` (hexadecimal). */
function pciAddress({ name }: Interface): readonly string[] {
  return name.slice('vmxnet3-'.length).split('/');
}

/** As `vlib_pci_addr_t` lies in memory: 16 bits of domain, 8 of bus, 5 of slot, 3 of function, the lowest first. */
function packedAddress(value: Interface): number {
  const [domain = 0, bus = 0, slot = 0, unit = 0] = pciAddress(value).map((part) => Number.parseInt(part, 16));
  return (domain | (bus << 16) | (slot << 24) | (unit << 29)) >>> 0;
}
