/** The three nodes of the quick start. */

export interface NodeDescription {
  readonly name: string;
  /** REST, on the loopback of the stage and of this host. */
  readonly port: number;
  /** Namespaces of its pods, as its configuration names them. */
  readonly pods: readonly string[];
  /** Device that leads to the other nodes. */
  readonly uplink: string;
}

export const agents: readonly NodeDescription[] = [
  { name: 'node1', port: 9191, pods: ['client', 'files', 'db', 'web1', 'web2', 'web3', 'internet'], uplink: 'uplink1' },
  { name: 'node2', port: 9291, pods: ['pod2'], uplink: 'uplink2' },
  { name: 'node3', port: 9391, pods: ['pod3'], uplink: 'uplink3' },
];
