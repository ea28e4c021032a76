/**
 * Sends a packet through VPP by its packet generator and reads what its tracer says. Both have no messages of the binary API: the
 * command line is asked through it.
 */

import { setTimeout } from 'node:timers/promises';
import { isVppError, type VppClient } from '../../../vpp/index.ts';
import { TraceError } from '../trace-error.ts';
import { packetOf, type TracedNode } from './text.ts';

const stream = 'ligature-trace';
/** ms between looks, and in all. */
const pause = 10;
const patience = 2_000;
/** Number of a bridge domain that nobody has: the largest there can be. */
const idleDomain = 0xff_ffff;

export interface Injection {
  readonly bytes: Uint8Array;
  /** VPP's name of the interface that it comes in by, and its number. */
  readonly device: string;
  readonly index: number;
  /** Node that gets it. */
  readonly node: 'ethernet-input' | 'ip4-lookup' | 'ip6-lookup';
  /** What tells it from other packets. */
  readonly number: number;
}

/** One at a time: a stream has a name, and the trace buffer is shared. */
export async function inject(
  client: VppClient,
  injection: Injection,
  signal: AbortSignal,
): Promise<readonly TracedNode[]> {
  const command = async (cmd: string): Promise<string> =>
    (await client.request('cli_inband', { cmd }, { signal })).reply;
  await makeRoom(client, injection.index, signal);
  // What others have traced stays; an empty buffer is left empty.
  const wasEmpty = isEmpty(await command('show trace'));
  const { bytes, device, node, number } = injection;
  const hex = Buffer.from(bytes).toString('hex');
  const length = bytes.length;
  const definition = `name ${stream} limit 1 node ${node} interface ${device} size ${length}-${length} data { hex 0x${hex} }`;
  await refusedIs(`packet-generator new { ${definition} }`, command);
  try {
    await refusedIs('trace add pg-input 1', command);
    await refusedIs(`packet-generator enable-stream ${stream}`, command);
    return await settled(command, number, signal);
  } finally {
    await client.request('cli_inband', { cmd: `packet-generator delete ${stream}` });
    if (wasEmpty) await client.request('cli_inband', { cmd: 'clear trace' });
  }
}

/**
 * Before 26.02 the frame of a stream counts as one of the packet generator's own interface, which decides whether it is bridged; all else goes
 * by the interface of the packet. So that interface is a port, too, for a moment: of a bridge domain that does nothing.
 */
export async function injectBridged(
  client: VppClient,
  injection: Injection,
  generator: string,
  signal: AbortSignal,
): Promise<readonly TracedNode[]> {
  if (!generator.startsWith('pg'))
    throw new TraceError(
      `vpp: frames of its packet generator count as those of ${generator}`,
      undefined,
      'unimplemented',
    );
  const command = (cmd: string) => client.request('cli_inband', { cmd });
  await command(`create bridge-domain ${idleDomain} learn 0 forward 0 uu-flood 0 flood 0 arp-term 0`);
  try {
    await command(`set interface l2 bridge ${generator} ${idleDomain}`);
    return await inject(client, injection, signal);
  } finally {
    await command(`set interface l3 ${generator}`);
    await command(`create bridge-domain ${idleDomain} del`);
  }
}

/** Until it has been seen, and nothing new is told of it. */
async function settled(
  command: (cmd: string) => Promise<string>,
  number: number,
  signal: AbortSignal,
): Promise<readonly TracedNode[]> {
  let seen: readonly TracedNode[] | undefined;
  for (let waited = 0; waited < patience; waited += pause) {
    const nodes = packetOf(await command('show trace'), number);
    if (nodes && nodes.length === seen?.length) return nodes;
    seen = nodes;
    await setTimeout(pause, undefined, { signal });
  }
  if (seen) return seen;
  throw new TraceError('vpp: the packet was sent and its trace has not shown it', undefined, 'failed');
}

function isEmpty(text: string): boolean {
  return !/^Packet \d+/m.test(text);
}

/**
 * Before 24.06 the packet generator looks interfaces up in a table that ends with its own last one, and reads beyond it for others
 * (VPP crashes): an interface of its own with a higher number makes the table long enough. 25.02 has the first message since the repair.
 */
async function makeRoom(client: VppClient, index: number, signal: AbortSignal): Promise<void> {
  if (client.has('pg_delete_interface')) return;
  for (let id = 0; id < 16; id++) {
    const fields = { interface_id: 0x4c47 + id, gso_enabled: false, gso_size: 0 };
    const { sw_if_index } = await client.request('pg_create_interface', fields, { signal });
    if (sw_if_index > index) return;
  }
  const reason = 'the packet generator of this VPP (before 24.06) would read beyond its tables';
  throw new TraceError(
    `vpp: ${reason} for interface number ${index}; restart VPP, or trace from another interface`,
    undefined,
    'unimplemented',
  );
}

/** What the command line refuses is told in its words. */
async function refusedIs(cmd: string, command: (cmd: string) => Promise<string>): Promise<void> {
  try {
    await command(cmd);
  } catch (error) {
    if (!isVppError(error)) throw error;
    const what = cmd.split(' ').slice(0, 2).join(' ');
    throw new TraceError(
      `vpp: its command line refuses ${what}: ${error.message}; a trace needs its packet generator and tracer`,
      undefined,
      'unimplemented',
    );
  }
}
