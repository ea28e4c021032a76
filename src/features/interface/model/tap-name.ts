import { createHash } from 'node:crypto';
import type { Interface } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';

/** Name of the device that VPP makes of a TAP in its namespace: the configured one, else one of at most 15 characters. */
export function hostNameOfTap({ name, link }: Interface): string {
  const configured = link.case === 'tap' ? link.value.hostIfName : '';
  return configured || `tap-${createHash('sha256').update(name).digest().readUInt32BE()}`;
}
