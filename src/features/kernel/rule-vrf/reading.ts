/** What there is of VRFs without devices, as one retrieval finds it. */

import type { Family } from '../../../model/address.ts';
import type { Rule } from '../../../kernel/netlink/rule.ts';
import type { Difference, Element, NftSet, TableContent } from '../../../kernel/nftables/index.ts';
import { rulePreferences, vrfOfTable } from '../../../kernel/pipeline/numbers.ts';
import type { KernelEngine } from '../engine.ts';
import { addressElements, deviceElement, sets, vrfTable } from './marking.ts';
import type { PlacedDevice } from './marking.ts';
import { ownRoutes } from './routes.ts';
import type { PlacedAddress, SubnetRoutes } from './routes.ts';
import { addressRule, commonRules, deviceRules, ownRuleText, ruleText, tableRule } from './rules.ts';
import { isEverywhere } from './overlaps.ts';

export interface VrfReading {
  /** Numbers of VRFs that anything is there of. */
  vrfs(): Promise<ReadonlySet<number>>;
  /** VRFs that rules put devices in, by the name of the device. */
  readonly devices: ReadonlyMap<string, number>;
  hasTable(vrf: number, family: Family): boolean;
  hasDevice(device: PlacedDevice): Promise<boolean>;
  /** `isUp`: its device is up. */
  hasAddress(placed: PlacedAddress, isUp: boolean): Promise<boolean>;
}

/** Of most retrievals only the rules are asked for: the rest is read when it is. `content`: what nftables should have, as far as that is known now. */
export async function readVrfs(
  { driver }: KernelEngine,
  session: object,
  content: () => TableContent,
  subnetRoutes: SubnetRoutes,
): Promise<VrfReading> {
  const dump = driver.dump(session, driver.vswitch);
  const nft = driver.nft(driver.vswitch);
  const rules = await dump.rules();
  const own = rules.filter((rule) => ownRuleText(rule) !== undefined);
  const texts = new Set(own.map(ownRuleText));
  const hasRules = (wanted: readonly Parameters<typeof ruleText>[0][]): boolean =>
    wanted.every((rule) => texts.has(ruleText(rule)));
  let ours: Promise<ReturnType<typeof ownRoutes>> | undefined;
  let compared: Promise<readonly Difference[]> | undefined;
  const hasElements = async (elements: Iterable<readonly [NftSet, Element]>): Promise<boolean> => {
    const differences = await (compared ??= nft.compare(content()));
    const missing = differences.filter(({ what }) => what !== 'unexpected');
    if (missing.some(({ object }) => object !== 'element')) return false;
    const lost = new Set(missing.map(({ name, element }) => `${name} ${element?.join(' ')}`));
    for (const [set, { key }] of elements) if (lost.has(`${set.name} ${key.join(' ')}`)) return false;
    return true;
  };
  return {
    async vrfs() {
      const list = await nft.list(vrfTable);
      return new Set([...vrfsOf(own), ...(list?.chains ?? []).flatMap(({ name }) => vrfOfChain(name))]);
    },
    devices: devicesOf(own),
    hasTable: (vrf, family) => hasRules([tableRule(vrf, family), ...commonRules()]),
    async hasDevice(device) {
      return (
        hasRules(deviceRules(device.name, device.vrf)) && (await hasElements([[sets.devices, deviceElement(device)]]))
      );
    },
    async hasAddress(placed, isUp) {
      const { prefix, vrf } = placed;
      if (isEverywhere(prefix.address)) return true;
      if (!hasRules([addressRule(prefix.address, vrf)])) return false;
      if (!subnetRoutes.hold(placed, await (ours ??= dump.routes().then(ownRoutes)), isUp)) return false;
      return await hasElements(addressElements({ address: prefix.address, vrf }));
    },
  };
}

function vrfsOf(rules: readonly Rule[]): readonly number[] {
  return rules.flatMap(({ priority, table }) => {
    const vrf = table === undefined || priority < rulePreferences.vrfMark.first ? undefined : vrfOfTable(table);
    return vrf === undefined || vrf === 0 ? [] : [vrf];
  });
}

function vrfOfChain(name: string): readonly number[] {
  const [, number] = /^vrf-(\d+)$/.exec(name) ?? [];
  return number === undefined ? [] : [Number(number)];
}

function devicesOf(rules: readonly Rule[]): ReadonlyMap<string, number> {
  const devices = new Map<string, number>();
  for (const { priority, inputInterface, outputInterface, table } of rules) {
    const { first, last } = rulePreferences.vrfDevice;
    const name = inputInterface ?? outputInterface;
    const vrf = table === undefined ? undefined : vrfOfTable(table);
    if (name !== undefined && vrf !== undefined && priority >= first && priority < last) devices.set(name, vrf);
  }
  return devices;
}
