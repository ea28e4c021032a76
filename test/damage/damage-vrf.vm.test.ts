// needs-kernel: vrf, dummy
// First: a namespace of its own, where no other file has devices of the same names.
import '../stage/own-namespace.ts';
import { harmInVm } from './damage.ts';
import { examples } from './examples.ts';

// Two files: each has a time limit in the VM.
harmInVm(examples.filter(({ kernel }) => kernel?.includes('vrf')));
