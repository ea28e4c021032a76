/** One peer or several: the numbers are the same for all types of tunnels. */
import { IPIPLink_Mode as Mode } from '../../../model/gen/ligato/vpp/interfaces/interface_pb.js';

export const tunnelModes = {
  [Mode.POINT_TO_POINT]: 'TUNNEL_API_MODE_P2P',
  [Mode.POINT_TO_MULTIPOINT]: 'TUNNEL_API_MODE_MP',
} as const;

export function tunnelModeOf(name: string | number): 0 | 1 {
  return name === tunnelModes[Mode.POINT_TO_MULTIPOINT] ? Mode.POINT_TO_MULTIPOINT : Mode.POINT_TO_POINT;
}
