/** What package-lock.json leaves out. */
export interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface LockFile {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

/** Entries for optional dependencies that have none, by path. */
export function missingOptional(lock: LockFile): Readonly<Record<string, LockEntry>> {
  const missing: Record<string, LockEntry> = {};
  for (const [parent, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      const paths = [`node_modules/${name}`, `${parent}/node_modules/${name}`];
      if (paths.some((path) => path in lock.packages)) continue;
      missing[`node_modules/${name}`] = describe(name, range.replace(/^[\^~]/, ''), entry.dev === true);
    }
  }
  return missing;
}

/** Platform packages carry their platform in their name. */
function describe(name: string, version: string, dev: boolean): LockEntry {
  const parts = name.split(/[/-]/);
  const os = parts.find((part) => /^(linux|darwin|win32|android|freebsd|openbsd|netbsd|openharmony)$/.test(part));
  const cpu = parts.find((part) => /^(x64|arm64|arm|armv7|ia32|loong64|ppc64|riscv64|s390x)$/.test(part));
  return {
    version,
    ...(cpu === undefined ? {} : { cpu: [cpu.replace('armv7', 'arm')] }),
    ...(dev ? { dev } : {}),
    ...(parts.some((part) => part.startsWith('musl')) ? { libc: ['musl'] } : {}),
    optional: true,
    ...(os === undefined ? {} : { os: [os] }),
  };
}
