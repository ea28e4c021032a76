/** What a caller may do: each role includes the ones before it. `public` routes ask nobody who they are. */
export type Role = 'read' | 'operate' | 'admin';
export type RouteRole = 'public' | Role;

const rank: Readonly<Record<RouteRole, number>> = { public: 0, read: 1, operate: 2, admin: 3 };

export function allows(has: Role, needs: RouteRole): boolean {
  return rank[has] >= rank[needs];
}

/** For people: who it was, and where from. */
export function describeIdentity(identity: Identity | undefined, address: string | undefined): string {
  if (identity === undefined) return 'nobody';
  const { name, via } = identity;
  return via === 'socket' ? `${name} (unix socket)` : `${name} (${via}, ${address ?? 'unknown address'})`;
}

/** Who calls, and how that is known. */
export interface Identity {
  /** Name of the token, the certificate or the user; `anonymous`, `local`. */
  readonly name: string;
  readonly role: Role;
  readonly via: 'socket' | 'token' | 'certificate' | 'basic' | 'session' | 'loopback' | 'open';
}
