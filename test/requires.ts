/** What a test needs of the machine. */
import { spawnSync } from 'node:child_process';
import { hasCommand } from '../scripts/test/debian.ts';
import { hasKernelFeature } from '../scripts/test/kernel.ts';

export interface Needs {
  /** May make network namespaces: root, or inside an unprivileged user namespace (`npm test` sees to that). */
  readonly netns?: boolean;
  /** Programs on the path, e.g. `nft`. */
  readonly commands?: readonly string[];
  /** Kernel features by the names of `scripts/test/kernel.ts`, e.g. `vrf`. */
  readonly kernel?: readonly string[];
}

let namespaces: boolean | undefined;

/**
 * For the `skip` option of a test: false where the machine has all of it, else the reason to print.
 *
 * @example test('a route', { skip: requires({ netns: true }) }, async () => { ... });
 */
export function requires(needs: Needs): false | string {
  const lacking = [
    ...(needs.netns === true && !canMakeNamespaces()
      ? ['network namespaces (root, or unprivileged user namespaces)']
      : []),
    ...(needs.commands ?? []).filter((name) => !hasCommand(name)).map((name) => `the command ${name}`),
    ...(needs.kernel ?? []).filter((name) => !hasKernelFeature(name)).map((name) => `the kernel feature ${name}`),
  ];
  return lacking.length === 0 ? false : `needs ${lacking.join(', ')}`;
}

function canMakeNamespaces(): boolean {
  namespaces ??= spawnSync('unshare', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  return namespaces;
}
