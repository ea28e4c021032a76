/** `vpp.proxyarp-global.interface` in the Linux kernel: a chain where frames come in. */

import { formatMac } from '../../../model/address.ts';
import { getLink } from '../../../kernel/netlink/link.ts';
import { isKernelError } from '../../../kernel/errors.ts';
import { addChain, addRule, addSet, addTable, deleteChain, flushChain } from '../../../kernel/nftables/index.ts';
import { fingerprint } from '../../../kernel/nftables/normal-form.ts';
import { SchedulerError } from '../../../scheduler/errors.ts';
import type { GraphView, Handler, RetrieveContext, Retrieved } from '../../../scheduler/handler.ts';
import type { KernelInterface, KernelInterfaceVrf } from '../../interface/kernel-metadata.ts';
import { interfaceKey, interfaceVrfPrefix } from '../../interface/model.ts';
import type { KernelEngine } from '../../kernel/engine.ts';
import type { KernelProxyArpInterface } from '../kernel-metadata.ts';
import { proxyArpInterfaceKey } from '../model.ts';
import type { ProxyArpInterface } from '../model.ts';
import { answerRule, chainOf, interfaceOf, proxyTable, rangeSet } from './table.ts';

type Item = Retrieved<ProxyArpInterface, KernelProxyArpInterface>;

export function proxyInterfaceHandler(engine: KernelEngine): Handler<ProxyArpInterface, KernelProxyArpInterface> {
  const nft = engine.driver.nft(engine.driver.vswitch);

  async function answer(graph: GraphView, name: string): Promise<KernelProxyArpInterface> {
    const target = await targetOf(engine, graph, name);
    const chain = chainOf(target.device);
    await nft.apply([
      addTable(proxyTable),
      addSet(proxyTable, rangeSet(target.vrf)),
      addChain(proxyTable, chain),
      flushChain(proxyTable, chain.name),
      addRule(proxyTable, chain.name, answerRule(name, target.vrf, target.mac)),
    ]);
    return target;
  }

  return {
    kind: 'vpp.proxyarp-global.interface',
    engine: 'kernel',
    // Answers have the MAC address of the interface, and its VRF says which ranges count.
    dependencies: (_key, { interface: name }) => [
      { label: `device of ${name}`, key: interfaceKey(name), watches: 'change' },
      { label: `VRF of interface ${name}`, anyOf: { prefixes: [interfaceVrfPrefix(name)] }, watches: 'change' },
    ],
    create: (context, _key, { interface: name }) => answer(context, name),
    refresh: (context, _key, { interface: name }) => answer(context, name),
    async remove(_context, _key, _value, { device }) {
      try {
        await nft.apply([flushChain(proxyTable, chainOf(device).name), deleteChain(proxyTable, chainOf(device).name)]);
      } catch (error) {
        if (!isKernelError(error, 'ENOENT')) throw error;
      }
    },
    retrieve: (context) => retrieve(engine, context),
    retrieveAfter: ['vpp.interfaces', 'vpp.interfaces.vrf', 'vpp.interfaces.inherited-vrf'],
  };
}

async function targetOf({ driver }: KernelEngine, graph: GraphView, name: string): Promise<KernelProxyArpInterface> {
  const device = graph.metadata<KernelInterface>(interfaceKey(name));
  const link = device && (await driver.rtnl(driver.vswitch).get(getLink({ index: device.ifindex })));
  if (!link) throw new SchedulerError('failed', `interface ${name} has no device`);
  return { device: link.name, vrf: vrfOf(graph, name), mac: formatMac(link.address) };
}

function vrfOf(graph: GraphView, name: string): number {
  for (const [key] of graph.appliedUnder(interfaceVrfPrefix(name))) {
    const membership = graph.metadata<KernelInterfaceVrf>(key);
    if (membership) return membership.vrf;
  }
  return 0;
}

async function retrieve(
  engine: KernelEngine,
  context: RetrieveContext<ProxyArpInterface, KernelProxyArpInterface>,
): Promise<readonly Item[]> {
  const content = await engine.driver.nft(engine.driver.vswitch).list(proxyTable);
  if (!content) return [];
  const items: Item[] = [];
  const put = (name: string, metadata: KernelProxyArpInterface): void => {
    const key = proxyArpInterfaceKey(name);
    if (!context.keys || context.keys.has(key))
      items.push({ key, value: { interface: name }, metadata, origin: 'ours' });
  };
  const wanted = new Map<string, { readonly name: string; readonly target: KernelProxyArpInterface }>();
  for (const { value } of context.expected.values()) {
    const target = await targetOf(engine, context, value.interface).catch(() => undefined);
    if (target) wanted.set(chainOf(target.device).name, { name: value.interface, target });
  }
  for (const { name: chain, base } of content.chains) {
    const rules = content.rules.filter((rule) => rule.chain === chain);
    const wish = wanted.get(chain);
    if (wish) {
      const right = answerRule(wish.name, wish.target.vrf, wish.target.mac);
      const [rule] = rules;
      const isWhole = base?.devices?.[0] === wish.target.device && rules.length === 1;
      if (isWhole && rule?.fingerprint === fingerprint('netdev', right)) put(wish.name, wish.target);
      continue;
    }
    const stranger = interfaceOf(rules[0]?.key);
    if (stranger !== undefined) put(stranger, { device: chain.slice('on-'.length), vrf: 0, mac: '' });
  }
  return items;
}
