// needs-kernel: vrf, dummy
import { harmInVm } from './damage.ts';
import { examples } from './examples.ts';

// Two files: each has a time limit in the VM.
harmInVm(examples.filter(({ kernel }) => kernel?.includes('vrf')));
