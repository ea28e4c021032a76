/**
 * Importing this first gives the test process a network namespace of its own, which the kernel driver then takes for the agent's: a
 * test may do there what it must not do to the machine's own network.
 */

import { check, CLONE_NEWNET, unshare } from '../../src/kernel/syscall/libc.ts';

check(unshare(CLONE_NEWNET), 'enter a network namespace for the test');
