/** Turns the nodes that a packet passed in VPP into hops. */

import { abfKey } from '../../../features/abf/model.ts';
import { l3xconnectKey } from '../../../features/l3xconnect/model.ts';
import { xconnectKey } from '../../../features/xconnect/model.ts';
import { tunnelOf } from '../../topology/tunnels.ts';
import { translation } from '../nat.ts';
import { headerOfProbe, isRewritten } from '../packet.ts';
import type { Header, Hop, Probe, Verdict } from '../trace.ts';
import type { NamedInterface, VppNames } from './names.ts';
import { headerOf, type TracedNode } from './text.ts';

/** A look-up of VPP's that is to be asked which route it found. */
export interface LookedUp {
  /** Place in `hops` of the hop to be completed. */
  readonly at: number;
  readonly destination: string;
  /** VPP's number of the table (not its id). */
  readonly fib: number;
  readonly via?: string;
  readonly output?: NamedInterface;
}

export interface VppReading {
  readonly hops: readonly Hop[];
  readonly verdict: Verdict;
  readonly lookedUp: readonly LookedUp[];
  /** Nobody has answered yet for the next hop. */
  readonly isWaiting: boolean;
  /** Interface whose number the frame had, where VPP says so. */
  readonly frameIndex?: number;
}

export function readNodes(nodes: readonly TracedNode[], probe: Probe, names: VppNames): VppReading {
  const reader = new Reader(probe, names);
  for (const [at, node] of nodes.entries()) {
    reader.read(node, nodes[at + 1]);
    if (reader.isOver) break;
  }
  return reader.finish();
}

type Draft = { -readonly [K in keyof LookedUp]: LookedUp[K] };

class Reader {
  readonly #probe: Probe;
  readonly #names: VppNames;
  readonly #hops: Hop[] = [];
  readonly #lookedUp: Draft[] = [];
  #header: Header;
  #verdict: Verdict | undefined;
  #waiting = false;
  #frameIndex: number | undefined;
  #outer = false;
  #output: NamedInterface | undefined;

  constructor(probe: Probe, names: VppNames) {
    this.#probe = probe;
    this.#names = names;
    this.#header = headerOfProbe(probe);
    const input = probe.input === undefined ? undefined : names.named(probe.input);
    if (input) {
      const key = input.key === undefined ? {} : { key: input.key };
      this.#add({ by: 'interface', text: `${input.name} receives it`, header: this.#header, ...key });
      const domain = names.domainOf(input);
      if (domain && !domain.isBvi)
        this.#add({ by: 'bridge domain', text: `${domain.value.name} has ${input.name} as a port`, key: domain.key });
    } else this.#add({ by: 'switch', text: 'sends it itself' });
  }

  get isOver(): boolean {
    return this.#verdict !== undefined;
  }

  finish(): VppReading {
    const last = this.#output;
    const forwarded: Verdict | undefined = last && {
      outcome: 'forwarded',
      text: `out of ${last.name}`,
      ...(last.key !== undefined && { key: last.key }),
    };
    return {
      hops: this.#hops,
      verdict: this.#verdict ?? forwarded ?? { outcome: 'unknown', text: 'VPP tells nothing more of it' },
      lookedUp: this.#lookedUp,
      isWaiting: this.#waiting,
      ...(this.#frameIndex !== undefined && { frameIndex: this.#frameIndex }),
    };
  }

  read(node: TracedNode, next: TracedNode | undefined): void {
    const { name } = node;
    if (name === 'pg-input') return;
    this.#rewritten(node);
    if (name === 'ethernet-input') this.#frameIndex ??= numberAfter(node, 'sw-if-index');
    else if (/^acl-plugin-(?:in|out)-/.test(name)) this.#accessList(node);
    else if (/^ip[46]-inacl$|^l2-input-(?:acl|classify)$/.test(name)) this.#macip(next);
    else if (/^abf-input-ip[46]$/.test(name)) this.#steered(node, next);
    else if (/^l3xc-input-ip[46]$/.test(name)) this.#crossConnected(name);
    else if (/^ip[46]-lookup$/.test(name)) this.#looksUp(node, next);
    else if (/^ip[46]-(?:rewrite|midchain)/.test(name)) this.#rewrites(node);
    else if (/^ip[46]-(?:glean|arp)$|^ip6-discover-neighbor$/.test(name)) this.#gleans(name);
    else if (/^ip[46]-(?:receive|local)$/.test(name)) this.#delivered(next);
    else if (/^ip[46]-icmp-error$/.test(name)) this.#answeredByError();
    else if (/^ip[46]-not-enabled$/.test(name)) this.#notEnabled(name);
    else if (name === 'l2-fwd') this.#forwards(node);
    else if (name === 'l2-flood') this.#floods();
    else if (name === 'l2-output') this.#l2Output(node);
    else if (/(?:-encap|-encrypt(?:-tun)?|wg[46]-output-tun)$/.test(name)) this.#wraps(node);
    else if (name === 'error-drop' || name === 'drop') this.#drops(name === 'drop' ? node : next);
    else if (name.endsWith('-output')) this.#leaves(name.slice(0, -'-output'.length));
    else if (name.endsWith('-tx')) this.#sent(name.slice(0, -'-tx'.length));
  }

  #add(hop: Omit<Hop, 'observed'>): void {
    const outer = this.#outer ? { text: `${hop.text} (outer packet)` } : {};
    this.#hops.push({ ...hop, ...outer, observed: true });
  }

  /** Any node that prints the headers shows what was done to them before it. */
  #rewritten(node: TracedNode): void {
    const header = headerOf(node);
    if (!header) return;
    const merged = { ...this.#header, ...header };
    if (!this.#outer && header.protocol === this.#header.protocol && isRewritten(this.#header, header)) {
      const hop = translation(this.#header, merged, this.#names.snapshot);
      if (hop) this.#add(hop);
    }
    if (header.protocol === this.#header.protocol) this.#header = merged;
  }

  #accessList(node: TracedNode): void {
    const line = node.lines[0] ?? '';
    const [, interfaceIndex, action] = /sw_if_index (\d+), next index \d+, action: (\d+)/.exec(line) ?? [];
    const [, list, rule] = /match: acl (-?\d+) rule (-?\d+)/.exec(line) ?? [];
    const side = node.name.includes('-in-') ? 'input' : 'output';
    const where = this.#names.interface(Number(interfaceIndex));
    const denies = action === '0';
    if (/trace_bits 8[0-9a-f]{7}/.test(line) && !denies)
      return this.#add({
        by: 'access list',
        text: `belongs to a session that a REFLECT rule made (${side} of ${where.name})`,
      });
    const found = this.#names.aclRule(Number(list), Number(rule));
    const hop: Omit<Hop, 'observed'> =
      Number(list) < 0
        ? {
            by: 'access list',
            text: `no rule of the ${side} lists of ${where.name} permits it`,
            ...(where.key !== undefined && { key: where.key }),
          }
        : {
            by: 'access list',
            text: `${found?.name ?? `list ${list} of somebody else`} rule ${found?.rule ?? rule} ${denies ? 'denies' : action === '2' ? 'permits and reflects' : 'permits'} it (${side} of ${where.name})`,
            ...(found && { key: found.key }),
            ...(found?.rule !== undefined && { rule: found.rule }),
          };
    this.#add(hop);
    if (denies) this.#end(hop);
  }

  #macip(next: TracedNode | undefined): void {
    const input = this.#probe.input === undefined ? undefined : this.#names.named(this.#probe.input);
    const list = input && this.#names.macip(input);
    if (!input || !list) return;
    const denies = next !== undefined && next.name.endsWith('drop');
    const hop = {
      by: 'MACIP list',
      text: denies
        ? `no rule of ${list.name} permits it (input of ${input.name})`
        : `${list.name} permits it (input of ${input.name})`,
      key: list.key,
    };
    this.#add(hop);
    if (denies) this.#end(hop);
  }

  #steered(node: TracedNode, next: TracedNode | undefined): void {
    if (next && /^ip[46]-lookup$|^abf-|^ip[46]-inacl$/.test(next.name)) return;
    const input = this.#probe.input;
    for (const { applied } of this.#names.snapshot.nodes({ kind: 'vpp.abfs.abf.interface' })) {
      const attached = applied as { abf: number; interface: string; ipv6: boolean } | null;
      if (!attached || attached.interface !== input || attached.ipv6 !== node.name.endsWith('6')) continue;
      return this.#add({ by: 'ABF policy', text: `policy ${attached.abf} takes it`, key: abfKey(attached.abf) });
    }
  }

  #crossConnected(name: string): void {
    const { input } = this.#probe;
    if (input === undefined) return;
    const family = name.endsWith('6') ? 6 : 4;
    this.#add({
      by: 'L3 cross-connect',
      text: `takes the IPv${family} packets that ${input} receives`,
      key: l3xconnectKey(input, family),
    });
  }

  #looksUp(node: TracedNode, next: TracedNode | undefined): void {
    const fib = Number(/^fib (\d+)/.exec(node.lines[0] ?? '')?.[1] ?? 0);
    const { destination } = this.#header;
    const header = this.#header;
    this.#lookedUp.push({ at: this.#hops.length, destination, fib });
    this.#add({ by: 'route', text: `to ${destination}`, header });
    if (next && /^ip[46]-drop$/.test(next.name))
      this.#verdict = { outcome: 'dropped', text: `no route to ${destination}` };
  }

  #rewrites(node: TracedNode): void {
    const line = node.lines[0] ?? '';
    const output = this.#names.interface(Number(/tx_sw_if_index (\d+)/.exec(line)?.[1]));
    const [, via, rewrite] = /ipv[46] via (\S+) \S+?: .*?flags:\[[^\]]*\] ([0-9a-f]*)/.exec(line) ?? [];
    const looked = this.#lookedUp.at(-1);
    if (looked && looked.output === undefined) Object.assign(looked, { output, ...(via !== undefined && { via }) });
    const mac = /^[0-9a-f]{28}/.test(rewrite ?? '') ? (rewrite?.slice(0, 12).match(/../g)?.join(':') ?? '') : '';
    if (via === undefined || mac === '') return;
    const key = this.#names.arp(output.name, via);
    const how = key === undefined ? (via.includes(':') ? 'found by ND' : 'found by ARP') : 'configured';
    this.#add({
      by: 'neighbour',
      text: `${via} on ${output.name} is ${mac} (${how})`,
      ...(key !== undefined && { key }),
    });
  }

  #gleans(name: string): void {
    this.#waiting = true;
    const asked = name.startsWith('ip4') ? 'ARP' : 'neighbour discovery';
    this.#verdict = {
      outcome: 'dropped',
      text: `nobody answers ${asked} for the next hop to ${this.#header.destination}`,
    };
  }

  #delivered(next: TracedNode | undefined): void {
    if (next && /^(?:ip[46]-drop|error-drop)$/.test(next.name)) return;
    const { destination } = this.#header;
    const owner = this.#names.owner(destination);
    this.#verdict = {
      outcome: 'delivered',
      text: `to the switch itself: ${destination} is its own address`,
      ...(owner?.key !== undefined && { key: owner.key }),
    };
  }

  /** The packet ends here; what goes on is VPP's answer. */
  #answeredByError(): void {
    const ends = this.#header.ttl <= 1;
    this.#verdict = { outcome: 'dropped', text: ends ? 'its TTL ends here' : 'VPP answers with an ICMP error' };
  }

  #notEnabled(name: string): void {
    const input = this.#probe.input === undefined ? undefined : this.#names.named(this.#probe.input);
    const text = `${input?.name ?? 'the interface'} takes no ${name.startsWith('ip4') ? 'IPv4' : 'IPv6'}: it has no such address`;
    this.#verdict = { outcome: 'dropped', text, ...(input?.key !== undefined && { key: input.key }) };
  }

  #forwards(node: TracedNode): void {
    const line = node.lines[0] ?? '';
    const [, from, mac = ''] = /sw_if_index (\d+) dst (\S+) src/.exec(line) ?? [];
    const [, index = '', flags = ''] = /result \[0x[0-9a-f]+, (-?\d+)\](.*)$/.exec(line) ?? [];
    const domain = this.#names.domainOf(this.#names.interface(Number(from)));
    const name = domain?.value.name ?? 'the bridge domain';
    const configured = domain && this.#names.fib(domain.value.name, mac);
    const key = configured ?? domain?.key;
    const object = key === undefined ? {} : { key };
    // All bits set: there is no entry.
    if (/learn-event/.test(flags) || (index === '-1' && !/filter/.test(flags))) return;
    if (index === '-1') {
      const hop = { by: 'bridge domain', text: `${name}: a DROP entry of its table has the destination`, ...object };
      this.#add(hop);
      return this.#end(hop);
    }
    const port = this.#names.interface(Number(index));
    const isBvi = this.#names.domainOf(port)?.isBvi === true;
    const how = configured === undefined ? (isBvi ? 'own address' : 'learned') : 'configured';
    this.#add({
      by: 'forwarding table',
      text: `${name}: ${mac} (${how}) is behind ${isBvi ? 'its BVI ' : ''}${port.name}`,
      ...object,
    });
    if (isBvi)
      this.#add({
        by: 'interface',
        text: `${port.name} receives it`,
        ...(port.key !== undefined && { key: port.key }),
      });
  }

  #floods(): void {
    const input = this.#probe.input === undefined ? undefined : this.#names.named(this.#probe.input);
    const domain = input && this.#names.domainOf(input);
    const text = `${domain?.value.name ?? 'the bridge domain'} floods it: it knows no port for the destination`;
    this.#add({ by: 'bridge domain', text, ...(domain && { key: domain.key }) });
  }

  #l2Output(node: TracedNode): void {
    const { input } = this.#probe;
    const isConnected = input !== undefined && this.#names.snapshot.node(xconnectKey(input))?.applied;
    if (!isConnected) return;
    const output = this.#names.interface(numberAfter(node, 'sw_if_index') ?? -1);
    this.#add({
      by: 'cross-connect',
      text: `takes what ${input} receives, to ${output.name}`,
      key: xconnectKey(input),
    });
  }

  #wraps(node: TracedNode): void {
    const device = node.lines.map((line) => /encap to (\S+)/.exec(line)?.[1]).find((name) => name !== undefined);
    const found = device === undefined ? this.#lookedUp.at(-1)?.output : this.#names.device(device);
    if (!found) return;
    const tunnel = found.value && tunnelOf(found.value);
    const ends = tunnel
      ? `: ${tunnel.type}${tunnel.id === undefined ? '' : ` ${tunnel.id}`} ${tunnel.source} -> ${tunnel.destination}`
      : '';
    this.#add({
      by: 'tunnel',
      text: `${found.name} wraps it${ends}`,
      ...(found.key !== undefined && { key: found.key }),
    });
    this.#outer = true;
  }

  #leaves(device: string): void {
    const output = this.#names.device(device);
    if (!output) return;
    const object = output.key === undefined ? {} : { key: output.key };
    const domain = this.#names.domainOf(output);
    this.#add({ by: 'interface', text: `${output.name} sends it`, ...object });
    if (domain?.isBvi) {
      this.#add({
        by: 'bridge domain',
        text: `${domain.value.name} gets it from its BVI ${output.name}`,
        key: domain.key,
      });
      return;
    }
    this.#output = output;
    // What a loopback sends comes in by it again, and is another packet.
    if (this.#names.isLoopback(output)) this.#verdict = this.finish().verdict;
  }

  #sent(device: string): void {
    if (this.#names.device(device) && this.#output) this.#verdict = this.finish().verdict;
  }

  #drops(node: TracedNode | undefined): void {
    const reason = node?.lines.find((line) => /^[\w-]+: /.test(line)) ?? 'VPP does not say why';
    const last = this.#hops.findLast(({ by }) => by !== 'neighbour');
    this.#verdict = {
      outcome: 'dropped',
      text: reason,
      ...(last?.key !== undefined && { key: last.key }),
    };
  }

  #end({ by, text, key, rule }: Omit<Hop, 'observed'>): void {
    this.#verdict = {
      outcome: 'dropped',
      text: `${by}: ${text}`,
      ...(key !== undefined && { key }),
      ...(rule !== undefined && { rule }),
    };
  }
}

function numberAfter({ lines }: TracedNode, word: string): number | undefined {
  const found = new RegExp(`\\b${word} (\\d+)`).exec(lines.join('\n'))?.[1];
  return found === undefined ? undefined : Number(found);
}
