/** What a kernel holds in some namespaces, as text that is the same for the same network, however it came about. */
import { spawnSync } from 'node:child_process';

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** Fields that differ between two makings of the same thing. */
const fleeting = new Set([
  ...['ifindex', 'link_index', 'link_netnsid', 'netnsid', 'peer_ifindex', 'master_index', 'handle', 'metainfo'],
  ...['packets', 'bytes', 'stats', 'stats64', 'address', 'broadcast', 'hello_timer', 'tcn_timer', 'gc_timer'],
  ...['topology_change_timer', 'valid_life_time', 'preferred_life_time', 'bridge_id', 'root_id', 'designated_bridge'],
  ...[
    'designated_root',
    'expires',
    'cacheinfo',
    'used',
    'probes',
    'updated',
    'confirmed',
    'index',
    'lladdr',
    'permaddr',
  ],
  // Of a bridge port: numbers in the order of joining, and timers.
  ...['no', 'designated_port', 'state', 'message_age_timer', 'forward_delay_timer', 'hold_timer'],
  ...['txqlen', 'qdisc', 'operstate', 'flags', 'linkmode', 'promiscuity', 'allmulti'],
]);

/** One line a thing, sorted; `namespace` undefined: the namespace itself is not there. */
export function pictureOf(namespaces: readonly string[]): readonly string[] {
  return namespaces.flatMap((namespace) => pictureOfOne(namespace)).sort();
}

function pictureOfOne(namespace: string): string[] {
  const ip = (...args: string[]): Json[] => list(run('ip', ['-j', '-d', '-n', namespace, ...args]));
  const links = ip('link').filter((link) => field(link, 'ifname') !== 'lo');
  const addresses = ip('address').flatMap((link) =>
    children(link, 'addr_info')
      .filter((address) => field(address, 'scope') !== 'link' && field(link, 'ifname') !== 'lo')
      .map(
        (address) =>
          `${String(field(link, 'ifname'))} ${String(field(address, 'local'))}/${String(field(address, 'prefixlen'))}`,
      ),
  );
  const routes = [...ip('route', 'show', 'table', 'all'), ...ip('-6', 'route', 'show', 'table', 'all')].filter(
    (route) => !/^(fe80|ff00|multicast)/.test(String(field(route, 'dst'))) && field(route, 'type') !== 'local',
  );
  const neighbours = ip('neigh', 'show', 'nud', 'permanent');
  const rules = [...ip('rule'), ...ip('-6', 'rule')];
  const ruleset = children(parse(run('ip', ['netns', 'exec', namespace, 'nft', '-j', 'list', 'ruleset'])), 'nftables');
  const kinds = { link: links, address: addresses, route: routes, neighbour: neighbours, rule: rules, nft: ruleset };
  return Object.entries(kinds).flatMap(([kind, things]) =>
    things.map((thing) => `${namespace} ${kind} ${JSON.stringify(stable(thing))}`),
  );
}

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function parse(text: string): Json {
  return text.trim() === '' ? [] : (JSON.parse(text) as Json);
}

function list(text: string): Json[] {
  const json = parse(text);
  // Old iproute2 leaves empty objects for what it filtered out.
  return Array.isArray(json) ? json.filter((one) => Object.keys(one as object).length > 0) : [];
}

function field(thing: Json, name: string): Json | undefined {
  return typeof thing === 'object' && thing !== null && !Array.isArray(thing) ? thing[name] : undefined;
}

function children(thing: Json, name: string): Json[] {
  const found = field(thing, name);
  return Array.isArray(found) ? found : [];
}

/** Without what is fleeting; sets of nftables and next hops of a route have no order. */
function stable(thing: Json): Json {
  if (Array.isArray(thing)) return thing.map(stable);
  if (typeof thing !== 'object' || thing === null) return thing;
  const fields = Object.entries(thing).filter(([name]) => !fleeting.has(name));
  return Object.fromEntries(
    fields.map(([name, value]) => [
      name,
      name === 'info_slave_data'
        ? stable(withoutPortNumber(value))
        : (name === 'elem' || name === 'nexthops') && Array.isArray(value)
          ? value.map(stable).sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1))
          : stable(value),
    ]),
  );
}

/** The number of a port is `id` here; elsewhere that name means what it says (a VNI). */
function withoutPortNumber(data: Json): Json {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data;
  const { id: _id, ...rest } = data;
  return rest;
}

/** What one picture has and the other has not; empty when they are the same. */
export function differences(actual: readonly string[], expected: readonly string[]): readonly string[] {
  const [here, there] = [new Set(actual), new Set(expected)];
  return [
    ...expected.filter((line) => !here.has(line)).map((line) => `missing: ${line.slice(0, 300)}`),
    ...actual.filter((line) => !there.has(line)).map((line) => `too much: ${line.slice(0, 300)}`),
  ];
}
