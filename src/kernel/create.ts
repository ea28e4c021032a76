import { conntrack } from './conntrack/conntrack.ts';
import type { Conntrack } from './conntrack/conntrack.ts';
import { EventListener } from './events/listener.ts';
import type { KernelDriver, KernelDriverOptions, KernelLog } from './driver.ts';
import { memoryLedger } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { namespacesIn } from './namespace/directory.ts';
import type { Namespace, Namespaces } from './namespace/namespace.ts';
import { ownNamespace, within } from './namespace/switch.ts';
import { createNftablesDriver } from './nftables/nftables.ts';
import type { Nftables } from './nftables/port.ts';
import type { Capabilities } from './probe/capabilities.ts';
import { probeCapabilities, withoutSome } from './probe/probe.ts';
import { SharedDump } from './rtnl/dump.ts';
import type { Dump } from './rtnl/dump.ts';
import { RtnlEngine } from './rtnl/engine.ts';
import { openRouteSocket } from './rtnl/open.ts';
import type { NetlinkProtocol } from './rtnl/open.ts';
import { RtnlPort } from './rtnl/port.ts';
import type { Rtnl } from './rtnl/port.ts';
import { NamespaceSysctls } from './sysctl/namespace-sysctls.ts';
import type { Sysctls } from './sysctl/sysctl.ts';

/** Opens the kernel. The namespace that plays the vswitch is made when it is named and does not exist. */
export async function createKernelDriver(options: KernelDriverOptions = {}): Promise<KernelDriver> {
  return new Driver(options);
}

const SILENT: KernelLog = { debug() {}, info() {}, warn() {} };

class Driver implements KernelDriver {
  readonly vswitch: Namespace;
  readonly own = ownNamespace;
  readonly namespaces: Namespaces;
  readonly events: EventListener;
  readonly #engine = new RtnlEngine();
  readonly #nftables = createNftablesDriver();
  readonly #ledger: Ledger;
  readonly #home: RtnlPort;
  readonly #ports = new Map<string, RtnlPort>();
  readonly #sysctls = new Map<string, NamespaceSysctls>();
  readonly #without: readonly string[];
  readonly #dumps = new WeakMap<object, Map<string, Dump>>();

  constructor({
    namespace,
    namespaceDirectory = '/var/run/netns',
    log = SILENT,
    ledger = memoryLedger(),
    without = [],
  }: KernelDriverOptions) {
    this.#without = without;
    this.namespaces = namespacesIn(namespaceDirectory, () => this.vswitch);
    this.vswitch = namespace === undefined ? ownNamespace : this.#findOrCreate(namespace);
    this.#ledger = ledger;
    this.#home = new RtnlPort(this.#engine, this.vswitch, 'route', openRouteSocket(this.vswitch));
    this.events = new EventListener(this.vswitch, this.#home, (error) => log.warn({ err: error }, 'kernel event'));
  }

  rtnl(namespace: Namespace): Rtnl {
    return namespace.id === this.vswitch.id ? this.#home : this.#port(namespace, 'route');
  }

  xfrm(namespace: Namespace): Rtnl {
    return this.#port(namespace, 'xfrm');
  }

  generic(namespace: Namespace): Rtnl {
    return this.#port(namespace, 'generic');
  }

  #port(namespace: Namespace, protocol: NetlinkProtocol): Rtnl {
    // One that was looked up in another way may live longer.
    const key = `${protocol} ${namespace.id} ${namespace.path}`;
    let port = this.#ports.get(key);
    if (!port) {
      tidy(this.#ports);
      this.#ports.set(key, (port = new RtnlPort(this.#engine, namespace, protocol)));
    }
    return port;
  }

  dump(session: object, namespace: Namespace): Dump {
    let dumps = this.#dumps.get(session);
    if (!dumps) this.#dumps.set(session, (dumps = new Map<string, Dump>()));
    let dump = dumps.get(namespace.id);
    if (!dump) dumps.set(namespace.id, (dump = new SharedDump(this.rtnl(namespace))));
    return dump;
  }

  nft(namespace: Namespace): Nftables {
    return this.#nftables.nft(namespace);
  }

  conntrack(namespace: Namespace): Conntrack {
    return conntrack(namespace);
  }

  sysctl(namespace: Namespace): Sysctls {
    const key = `${namespace.id} ${namespace.path}`;
    let sysctls = this.#sysctls.get(key);
    if (!sysctls) {
      tidy(this.#sysctls);
      sysctls = new NamespaceSysctls(namespace, this.#ledger, namespace.label.replaceAll('/', '|'));
      this.#sysctls.set(key, sysctls);
    }
    return sysctls;
  }

  async capabilities(): Promise<Capabilities> {
    const all = await probeCapabilities();
    return this.#without.length === 0 ? all : withoutSome(all, this.#without);
  }

  within<T>(namespace: Namespace, work: () => T): T {
    return within(namespace, work);
  }

  async idle(): Promise<void> {
    await Promise.all([this.#engine.idle(), this.#nftables.idle()]);
  }

  #findOrCreate(name: string): Namespace {
    return this.namespaces.find({ type: 'name', name }) ?? this.namespaces.create(name);
  }

  async close(): Promise<void> {
    await this.#engine.close();
    await this.#nftables.idle();
    this.#nftables.close();
    this.events.close();
    this.#home.socket?.close();
    this.#home.socket = undefined;
  }
}

/** Ports and parameters of namespaces have no state while nothing is asked of them, so old ones need not be kept. */
function tidy(map: Map<string, { readonly busy: boolean }>): void {
  if (map.size < 4096) return;
  for (const [key, { busy }] of map) if (!busy) map.delete(key);
}
