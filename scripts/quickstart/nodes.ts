/** The three nodes of the quick start. */

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** What is asked for on the command line. */
export interface Plan {
  /** `mixed`: node 1 and node 3 on the kernel, node 2 on VPP. */
  readonly engine: 'kernel' | 'vpp' | 'mixed';
  /** The VPP program that the agents of nodes on VPP start. */
  readonly vppBinary?: string;
  /** The API socket of a VPP that runs already: node 2 takes it. */
  readonly vppSocket?: string;
}

/** Descriptor of the network namespace of the VPP that runs already, in the process of the stage. */
export const VPP_NAMESPACE = 4;

export interface NodeDescription {
  readonly name: string;
  readonly engine: 'kernel' | 'vpp';
  /** It has the VPP that runs already, and is in that one's network namespace. */
  readonly isGuest: boolean;
  /** Its configuration, below the folder of the project. */
  readonly file: string;
  /** REST, on the loopback of the stage and of this host. */
  readonly port: number;
  /** Namespaces of its pods, as its configuration names them. */
  readonly pods: readonly string[];
  /** Device that leads to the other nodes. */
  readonly uplink: string;
}

const places = [
  { name: 'node1', port: 9191, pods: ['client', 'files', 'db', 'web1', 'web2', 'web3', 'internet'], uplink: 'uplink1' },
  { name: 'node2', port: 9291, pods: ['pod2'], uplink: 'uplink2' },
  { name: 'node3', port: 9391, pods: ['pod3'], uplink: 'uplink3' },
] as const;

export function nodesOf({ engine, vppSocket }: Plan): readonly NodeDescription[] {
  return places.map((place) => {
    const isVpp = engine === 'vpp' || (engine === 'mixed' && place.name === 'node2');
    const folder = isVpp ? 'examples/quickstart/vpp' : 'examples/quickstart';
    const isGuest = vppSocket !== undefined && place.name === 'node2';
    return { ...place, engine: isVpp ? 'vpp' : 'kernel', isGuest, file: `${folder}/${place.name}.yaml` };
  });
}

export function pathOf({ file }: NodeDescription): string {
  return join(root, file);
}
