/** Punting in the Linux kernel: there is none to redirect, as the router's own stack takes what is for the router. */

import type { Handler } from '../../scheduler/handler.ts';
import { unimplementedHandler } from '../support.ts';
import { exception, ipRedirect, toHost } from './model.ts';

const reasons: readonly (readonly [string, string])[] = [
  [
    ipRedirect.name,
    'packets for the router are taken by its own stack, not handed on: there is nothing to redirect. A route or a policy (vpp.abfs.abf) ' +
      'sends packets to another next hop',
  ],
  [
    toHost.name,
    'packets to a port are delivered to the program that listens on it in the namespace of the vswitch; frames are not handed over by ' +
      'a UNIX socket',
  ],
  [
    exception.name,
    'packets that cannot be forwarded are answered or dropped by the kernel; they are not handed over by a UNIX socket',
  ],
];

export function kernelHandlers(): readonly Handler[] {
  return reasons.map(([kind, reason]) => unimplementedHandler(kind, 'kernel', reason));
}
