// needs-kernel: bond, vlan, gre, ipip, wireguard
// First: a namespace of its own, where no other file has devices of the same names.
import '../stage/own-namespace.ts';
import { harmInVm } from './damage.ts';
import { examples } from './examples.ts';

harmInVm(examples.filter(({ kernel }) => kernel !== undefined && !kernel.includes('vrf')));
