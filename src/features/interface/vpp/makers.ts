import type { VppEngine } from '../../vpp/engine.ts';
import { afPacketMaker } from './af-packet.ts';
import { greMaker } from './gre.ts';
import { gtpuMaker } from './gtpu.ts';
import { ipipMaker } from './ipip.ts';
import { ipsecMaker } from './ipsec.ts';
import { loopbackMaker } from './loopback.ts';
import type { InterfaceMaker } from './maker.ts';
import { memifMaker } from './memif.ts';
import { vxlanMaker } from './vxlan.ts';
import { bondMaker } from './bond.ts';
import { subInterfaceMaker } from './sub-interface.ts';
import { tapMaker } from './tap.ts';
import { wireguardMaker } from './wireguard.ts';
import { vmxnet3Maker } from './vmxnet3.ts';
import { rdmaMaker } from './rdma.ts';
import { dpdkMaker } from './dpdk.ts';

/** The types there are: adding one is a file and a line here. */
export function makersOf(engine: VppEngine): readonly InterfaceMaker[] {
  return [
    loopbackMaker(engine),
    memifMaker(engine),
    afPacketMaker(engine),
    vxlanMaker(engine),
    greMaker(engine),
    ipipMaker(engine),
    ipsecMaker(engine),
    gtpuMaker(engine),
    dpdkMaker(engine),
    rdmaMaker(engine),
    vmxnet3Maker(engine),
    wireguardMaker(engine),
    tapMaker(engine),
    subInterfaceMaker(engine),
    bondMaker(engine),
  ];
}
