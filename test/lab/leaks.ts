/** What a test could leave behind on the machine, and the difference between two looks. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { ownNamespaces } from './host.ts';
import { listLinks } from './rtnetlink.ts';

export interface HostState {
  /** Devices of the namespace the test runs in. */
  readonly links: readonly string[];
  /** Names under /run/netns that belong to labs of this process. */
  readonly names: readonly string[];
  /** Programs below this process, and orphans in namespaces it made: `PID COMMAND`. */
  readonly programs: readonly string[];
  /** Network namespaces that threads of this process or programs below it are in. */
  readonly namespaces: readonly string[];
}

/** Only what this process and its children hold: suites run side by side. */
export function hostState(): HostState {
  const all = processes();
  const programs = [...descendants(process.pid, all), ...orphans(all)];
  const tasks = [
    ...programs.map(({ pid }) => `/proc/${pid}`),
    ...list('/proc/self/task').map((tid) => `/proc/self/task/${tid}`),
  ];
  const own = read(() => namespaceOf('/proc/self'));
  const namespaces = new Set(
    tasks.map((task) => read(() => namespaceOf(task))).filter((inode) => inode !== own && inode !== ''),
  );
  return {
    links: listLinks()
      .map((link) => link.name)
      .sort(),
    names: list('/run/netns').filter((name) => name.startsWith(`lg-${process.pid}-`)),
    programs: programs.map(({ pid, command }) => `${pid} ${command}`),
    namespaces: [...namespaces].sort(),
  };
}

/** What is there after and was not before, as text; empty when nothing is left behind. */
export function leaks(before: HostState, after: HostState): readonly string[] {
  return (['links', 'names', 'programs', 'namespaces'] as const).flatMap((kind) => {
    const known = new Set(before[kind]);
    return after[kind].filter((item) => !known.has(item)).map((item) => `${kind}: ${item}`);
  });
}

/** Looks again until nothing is left or `patience` ms are over: threads and programs take a moment to end. */
export async function leaksAfter(before: HostState, patience = 2000): Promise<readonly string[]> {
  const deadline = performance.now() + patience;
  for (;;) {
    const found = leaks(before, hostState());
    if (found.length === 0 || performance.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): readonly Process[] {
  return list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = read(() => readFileSync(`/proc/${name}/stat`, 'utf8'));
      const [, command = '', state, parent] = /^\d+ \((.*)\) (\S) (\d+)/s.exec(stat) ?? [];
      return state === undefined || state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), command }];
    });
}

function descendants(root: number, all: readonly Process[]): readonly Process[] {
  return all.filter(({ parent }) => parent === root).flatMap((child) => [child, ...descendants(child.pid, all)]);
}

/** Left alone by what started them, in a namespace of ours. */
function orphans(all: readonly Process[]): readonly Process[] {
  return all.filter(({ pid, parent }) => parent === 1 && ownNamespaces.has(read(() => namespaceOf(`/proc/${pid}`))));
}

function namespaceOf(task: string): string {
  return readlinkSync(`${task}/ns/net`);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Processes end while they are looked at. */
function read(take: () => string): string {
  try {
    return take();
  } catch {
    return '';
  }
}
