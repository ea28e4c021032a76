/** An object of a model, to be damaged. Parts of it are damaged one by one, too. */

/** Texts of configuration for hosts on TAPs; `Bench` makes them for namespaces that exist. */
export interface Scene {
  tap(name: string, addresses: string, more?: string): string;
  end(name: string, addresses: string): string;
  /** The namespace of a host, as Linux objects name it. */
  placeOf(host: string): string;
}

/** For those who only want to read. */
export const paper: Scene = {
  tap: (name, addresses, more = '') =>
    `{ name: ${name}, type: TAP, enabled: true, ipAddresses: [${addresses}], tap: { version: 2, hostIfName: ${name}-far } ${more} }`,
  placeOf: () => '{ type: NSID, reference: paper }',
  end: (name, addresses) =>
    `{ name: ${name}-end, type: TAP_TO_VPP, enabled: true, hostIfName: eth0, namespace: { type: NSID, reference: paper }, ipAddresses: [${addresses}], tap: { vppTapIfName: ${name} } }`,
};

export interface Example {
  readonly title: string;
  /** Namespaces that `Scene.tap` and `Scene.end` connect. */
  readonly hosts?: readonly string[];
  /** What the kernel has to have, by the names of `scripts/test/kernel.ts`: tried in the test VM where this one lacks it. */
  readonly kernel?: readonly string[];
  /** The kernel, or a program, has it done by the user root of the machine only. */
  readonly privileged?: true;
  /** Programs it needs. */
  readonly commands?: readonly string[];
  /** What it stands on. */
  around?(scene: Scene): string;
  object(scene: Scene): string;
  /** Objects that are looked at by others: key by key, whose damage it is then. */
  readonly shownBy?: Readonly<Record<string, string>>;
  /** It is a program of the agent that does the work, and is started again whenever it ends: there is no loss to be seen. */
  readonly program?: string;
  /** Parts of it that have nothing in the kernel. */
  readonly nothing?: readonly string[];
  /** What is there when programs that do a part of the work have begun: a text of `ip` or `nft`. */
  readonly until?: string;
  /** Keys whose loss `ip` and `nft` do not show (programs, filters of tc, files in /proc). */
  readonly unseen?: readonly string[];
}
