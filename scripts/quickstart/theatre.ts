/** Nodes, pods and cables of the quick start. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKernelDriver } from '../../src/kernel/create.ts';
import type { KernelDriver } from '../../src/kernel/driver.ts';
import { changeLink, createLink } from '../../src/kernel/netlink/link.ts';
import type { Host } from '../../test/lab/host.ts';
import { createLab, type Lab } from '../../test/lab/lab.ts';
import { bindMountOnto } from '../../test/lab/syscalls.ts';
import { Node } from './node.ts';
import { type NodeDescription, nodesOf, type Plan, VPP_NAMESPACE } from './nodes.ts';

export class Theatre {
  readonly folder: string;
  readonly nodes: readonly Node[];
  readonly #descriptions: readonly NodeDescription[];
  readonly #pods = new Map<string, Host>();
  #lab: Lab | undefined;
  #driver: KernelDriver | undefined;

  constructor(folder: string, plan: Plan) {
    this.folder = folder;
    this.#descriptions = nodesOf(plan);
    this.nodes = this.#descriptions.map((description) => new Node(description, folder, plan));
  }

  get driver(): KernelDriver {
    if (!this.#driver) throw new Error('nothing is built yet');
    return this.#driver;
  }

  node(name: string): Node {
    const node = this.nodes.find((one) => one.name === name);
    if (!node) throw new Error(`there is no ${name}`);
    return node;
  }

  pod(name: string): Host {
    const pod = this.#pods.get(name);
    if (!pod) throw new Error(`there is no pod ${name}`);
    return pod;
  }

  /** Namespaces for the pods, a switch that joins the nodes, a cable from each node to it. */
  async build(): Promise<void> {
    const namespaces = join(this.folder, 'netns');
    mkdirSync(namespaces, { mode: 0o700 });
    this.#lab = await createLab();
    const names = [...this.#descriptions.flatMap(({ pods }) => pods), 'fabric'];
    const hosts = await this.#lab.hosts(...names);
    for (const [index, name] of names.entries()) {
      const host = hosts[index] as Host;
      this.#pods.set(name, host);
      const path = join(namespaces, name);
      writeFileSync(path, '');
      bindMountOnto(host.netns, path);
    }
    this.#driver = await createKernelDriver({ namespaceDirectory: namespaces });
    await this.#cables(this.#driver, this.pod('fabric'));
  }

  async #cables(driver: KernelDriver, fabric: Host): Promise<void> {
    const rtnl = driver.rtnl(driver.own);
    const namespace = driver.namespaces.resolve({ type: 'name', name: 'fabric' });
    await rtnl.request(changeLink({ name: 'lo' }, { up: true }));
    await fabric.addLink('switch', 'bridge');
    for (const { uplink, engine, isGuest } of this.#descriptions) {
      const port = `${uplink}-port`;
      await rtnl.request(createLink({ name: uplink, kind: { type: 'veth', peer: { name: port, namespace } } }));
      await fabric.setLink(port, { master: 'switch', up: true });
      // The kernel takes it into its vswitch; VPP takes its packets where it is.
      if (isGuest) {
        const home = driver.namespaces.resolve({ type: 'path', path: `/proc/self/fd/${VPP_NAMESPACE}` });
        await rtnl.request(changeLink({ name: uplink }, { namespace: home }));
        await driver.rtnl(home).request(changeLink({ name: uplink }, { up: true }));
      } else if (engine === 'vpp') await rtnl.request(changeLink({ name: uplink }, { up: true }));
    }
  }

  async startAgents(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.start()));
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.nodes.map((node) => node.close()));
    await this.#driver?.close();
    await this.#lab?.close();
  }
}
