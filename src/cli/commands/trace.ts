/** `ligature trace FROM -> TO`: which way a packet takes, and which object decided each step. */

import { type Command, Option } from 'commander';
import { headerText, isRewritten } from '../../agent/trace/packet.ts';
import { type Header, type Hop, protocols, type Trace, type TraceRequest } from '../../agent/trace/trace.ts';
import { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { numberIn } from '../parsers.ts';
import { paint, printable, type Colour } from '../output.ts';

interface TraceFlags {
  readonly protocol?: TraceRequest['protocol'];
  readonly sport?: number;
  readonly dport?: number;
  readonly in?: string;
  readonly vrf?: number;
  readonly ttl?: number;
  readonly sourceMac?: string;
  readonly destinationMac?: string;
}

const separators = new Set(['->', 'to', '=>', '→']);

const help = `
FROM and TO are IP addresses, ADDRESS:PORT, [IPV6]:PORT or names of interfaces, of VPP or Linux. A shell takes an unquoted > for
itself: write FROM TO, FROM to TO, or quote the arrow.

  ligature trace pod1 pod2:80
  ligature trace 10.1.0.2 '->' 10.2.0.2 --protocol udp --dport 53
  ligature trace 'pod1 -> pod2'

One packet is sent for real, and whoever it reaches gets it (needs the role operate). Lines with ~ were looked up in the tables of the
data plane; at all others the packet was seen.`;

export function addTraceCommand(program: Command): void {
  program
    .command('trace <from> [to...]')
    .description('sends a packet through the data plane, and tells which object decided each step, and why')
    .usage("[options] FROM '->' TO")
    .addOption(new Option('--protocol <protocol>', 'default: tcp when a port is given, else icmp').choices(protocols))
    .option('--sport <port>', 'source port; default: one that nobody else uses', numberIn(1, 65_535))
    .option('--dport <port>', 'destination port', numberIn(1, 65_535))
    .option('--in <interface>', 'interface of the switch that it comes in by; default: where packets of FROM come from')
    .option('--vrf <id>', 'VRF; default: that of the interface', numberIn(0, 0xffff_ffff))
    .option('--ttl <hops>', 'default 64', numberIn(1, 255))
    .option('--source-mac <mac>', "default: FROM's, where it is known")
    .option('--destination-mac <mac>', "default: the interface's, in a bridge domain that of the next hop")
    .addHelpText('after', help)
    .action(async (first: string, rest: string[], flags: TraceFlags, command: Command) => {
      const context = new Context(command);
      const body = JSON.stringify(requestOf(endsOf([first, ...rest]), flags));
      const trace = await context.client.json<Trace>({
        method: 'POST',
        path: '/api/v1/trace',
        body,
        type: 'application/json',
      });
      await context.show(trace, () => traceText(trace));
    });
}

/** The arrow is made a word that no parser of options takes for one. */
export function withoutArrow(args: readonly string[]): readonly string[] {
  return args.includes('trace') ? args.map((word) => (word === '->' ? 'to' : word)) : args;
}

/** FROM and TO, however they were written. */
function endsOf(words: readonly string[]): readonly [string, string] {
  const last = words.at(-1);
  if (words.length > 1 && last === '-') {
    const hint = `the shell took > for itself and wrote this output into a file: quote the arrow, or write ${words[0]} to TO`;
    throw new CliError('usage', `trace: ${hint}`);
  }
  const all = words.length === 1 ? (words[0] ?? '').split(/\s*(?:->|\u2192|=>)\s*|\s+/u) : words;
  const [from, between, to] = all.length === 2 ? [all[0], '->', all[1]] : all;
  const isWhole = all.length <= 3 && from && to && between !== undefined && separators.has(between);
  if (isWhole) return [from, to];
  throw new CliError(
    'usage',
    `trace: FROM and TO are needed, e.g. ligature trace pod1 to 10.2.0.2:80; got ${words.join(' ')}`,
  );
}

function requestOf([from, to]: readonly [string, string], flags: TraceFlags): TraceRequest {
  const { protocol, sport, dport, in: input, vrf, ttl, sourceMac, destinationMac } = flags;
  return {
    ...{ from, to, protocol, vrf, ttl, sourceMac, destinationMac },
    ...{ sourcePort: sport, destinationPort: dport, interface: input },
  };
}

const colours: Readonly<Record<string, Colour>> = {
  delivered: 'green',
  forwarded: 'green',
  dropped: 'red',
  unknown: 'yellow',
};

export function traceText({ engine, packet, hops, verdict, notes }: Trace): string {
  const way = packet.interface === undefined ? 'sent by the switch itself' : `comes in by ${packet.interface}`;
  const width = Math.max(0, ...hops.map(({ by }) => by.length));
  const lines = [`${headerText(packet)}, ${way} (${engine})`];
  let header: Header = packet;
  for (const hop of hops) {
    lines.push(
      `${hop.observed ? ' ' : '~'} ${hop.by.padEnd(width)}  ${printable(hop.text)}${paint(objectText(hop), 'grey')}`,
    );
    if (hop.header && isRewritten(header, hop.header))
      lines.push(`  ${' '.repeat(width)}  now ${headerText(hop.header)}`);
    header = hop.header ?? header;
  }
  lines.push(
    `${paint(verdict.outcome, colours[verdict.outcome])}: ${printable(verdict.text)}${paint(objectText(verdict), 'grey')}`,
  );
  lines.push(...notes.map((note) => paint(`note: ${note}`, 'grey')));
  return `${lines.join('\n')}\n`;
}

function objectText({ key, rule }: Pick<Hop, 'key' | 'rule'>): string {
  return key === undefined ? '' : `  [${printable(key)}${rule === undefined ? '' : ` rule ${rule}`}]`;
}
