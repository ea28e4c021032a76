/**
 * A lab: hosts that are network namespaces, joined by virtual cables, for tests with real packets. Needs no program but
 * Node, and root or an unprivileged user namespace (`unshare -Urnm`).
 */
import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { Host } from './host.ts';
import type { LinkOptions } from './rtnetlink.ts';
import { bindMountOnto, mountMemory, unmount } from './syscalls.ts';

const published = '/run/netns';
const prefix = 'lg-';
const open = new Set<Lab>();
let counter = 0;

export class Lab implements AsyncDisposable {
  readonly #hosts: Host[] = [];
  readonly #names: string[] = [];
  readonly id: string;

  constructor() {
    counter += 1;
    this.id = `${prefix}${process.pid}-${counter}`;
  }

  /** A new host: a network namespace with nothing but `lo`, up. */
  async host(name: string): Promise<Host> {
    const host = await Host.open(name);
    this.#hosts.push(host);
    return host;
  }

  /** Several hosts at once. */
  hosts<const Names extends readonly string[]>(...names: Names): Promise<{ [K in keyof Names]: Host }> {
    return Promise.all(names.map((name) => this.host(name))) as Promise<{ [K in keyof Names]: Host }>;
  }

  /** A cable (veth pair) between devices of two hosts, both up. */
  link(
    host: Host,
    device: string,
    peer: Host,
    peerDevice: string,
    options: { readonly near?: LinkOptions; readonly far?: LinkOptions } = {},
  ): Promise<void> {
    return host.linkTo(device, peer, peerDevice, options.near ?? {}, options.far ?? {});
  }

  /**
   * Gives the host's namespace a name under /run/netns, for programs that want one (`ip -n NAME`, NSID references).
   * Returns the name, which is unique on the machine.
   */
  publish(host: Host): string {
    const name = `${this.id}-${host.name}`;
    makePublishedFolder();
    const path = `${published}/${name}`;
    writeFileSync(path, '');
    this.#names.push(path);
    bindMountOnto(host.netns, path);
    return name;
  }

  /** Ends everything. The kernel removes a namespace when the last process and socket in it are gone. */
  async close(): Promise<void> {
    open.delete(this);
    await Promise.all(this.#hosts.map((host) => host.close()));
    this.#unpublish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** What has to be done by hand when the process ends without `close`; threads end with it. */
  abandon(): void {
    for (const host of this.#hosts) host.killPrograms();
    this.#unpublish();
  }

  #unpublish(): void {
    for (const path of this.#names.splice(0)) removePublished(path);
  }
}

/**
 * @example
 * await using lab = await createLab();
 * const [a, b] = await lab.hosts('a', 'b');
 * await lab.link(a, 'eth0', b, 'eth0');
 * await a.address('eth0', '10.0.0.1/24');
 * await b.address('eth0', '10.0.0.2/24');
 * assert.equal((await a.ping('10.0.0.2')).received, 1);
 */
export function createLab(): Promise<Lab> {
  sweep();
  watchForTheEnd();
  const lab = new Lab();
  open.add(lab);
  return Promise.resolve(lab);
}

let watching = false;

/** Cleans up at the end of the process, also after Ctrl-C. A handler of the application goes first. */
function watchForTheEnd(): void {
  if (watching) return;
  watching = true;
  const abandonAll = (): void => {
    for (const lab of open) lab.abandon();
  };
  process.on('exit', abandonAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const handler = (): void => {
      if (process.listenerCount(signal) > 1) return;
      abandonAll();
      process.off(signal, handler);
      process.kill(process.pid, signal);
    };
    process.on(signal, handler);
  }
}

/** Names that processes left behind that had no chance to clean up (SIGKILL). */
function sweep(): void {
  let names: string[] = [];
  try {
    names = readdirSync(published);
  } catch {
    return;
  }
  for (const name of names) {
    const pid = new RegExp(`^${prefix}(\\d+)-\\d+-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) removePublished(`${published}/${name}`);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** In a user namespace /run belongs to somebody else: a private one is put over it, seen by this mount namespace only. */
function makePublishedFolder(): void {
  if (isWritable(published)) return;
  if (!existsSync(published) && !isWritable('/run')) mountMemory('/run');
  mkdirSync(published, { recursive: true });
  if (!isWritable(published)) mountMemory(published);
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function removePublished(path: string): void {
  try {
    unmount(path);
  } catch {
    // Not mounted yet, or not any more.
  }
  rmSync(path, { force: true });
}
