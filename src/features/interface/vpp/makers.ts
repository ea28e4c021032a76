import type { VppEngine } from '../../vpp-engine.ts';
import { afPacketMaker } from './af-packet.ts';
import { greMaker } from './gre.ts';
import { gtpuMaker } from './gtpu.ts';
import { ipipMaker } from './ipip.ts';
import { ipsecMaker } from './ipsec.ts';
import { loopbackMaker } from './loopback.ts';
import type { InterfaceMaker } from './maker.ts';
import { memifMaker } from './memif.ts';
import { vxlanMaker } from './vxlan.ts';

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
  ];
}
