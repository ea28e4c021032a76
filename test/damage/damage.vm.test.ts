// needs-kernel: bond, vlan, gre, ipip, wireguard
import { harmInVm } from './damage.ts';
import { examples } from './examples.ts';

harmInVm(examples.filter(({ kernel }) => kernel !== undefined && !kernel.includes('vrf')));
