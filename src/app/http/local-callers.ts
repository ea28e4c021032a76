/** Who may call by the unix sockets, and as what: by the credentials that the kernel vouches for. */

import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { AppError } from '../errors.ts';
import { type Peer, type PeerReader, peerReader } from './peer.ts';
import type { Identity, Role } from './role.ts';

/** One line of `socket-callers`: a user or a group, by name or number. */
export interface LocalCaller {
  readonly user?: string | number | undefined;
  readonly group?: string | number | undefined;
  readonly role: Role;
}

interface Grant {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
}

/** Names and numbers of users or groups, lines as in passwd(5) and group(5). */
type Accounts = (database: 'passwd' | 'group') => string;

const readAccounts: Accounts = (database) => {
  try {
    return readFileSync(`/etc/${database}`, 'utf8');
  } catch {
    return '';
  }
};

const owner: Identity = { name: 'local', role: 'admin', via: 'socket' };
const rank: Readonly<Record<Role, number>> = { read: 0, operate: 1, admin: 2 };

/**
 * The agent's own user and root are admin; others have what `socket-callers` gives them. Errors: AppError `invalid-config` for a
 * user that does not exist, `insecure` when this machine cannot tell who calls and others than the agent's user shall.
 */
export class LocalCallers {
  /** Others than the agent's own user may connect. */
  readonly areMany: boolean;
  readonly #users: readonly Grant[];
  readonly #groups: readonly Grant[];
  readonly #accounts: Accounts;
  #reader: PeerReader | undefined;
  #asked = false;

  constructor(
    callers: readonly LocalCaller[],
    { accounts = readAccounts, reader }: { readonly accounts?: Accounts; readonly reader?: PeerReader } = {},
  ) {
    this.areMany = callers.length > 0;
    this.#accounts = accounts;
    this.#users = callers.flatMap(({ user, role }, index) =>
      user === undefined ? [] : this.#grant('passwd', user, role, `socket-callers[${index}].user`),
    );
    this.#groups = callers.flatMap(({ group, role }, index) =>
      group === undefined ? [] : this.#grant('group', group, role, `socket-callers[${index}].group`),
    );
    this.#reader = reader ?? (this.areMany ? peerReader(true) : undefined);
    this.#asked = reader !== undefined;
    if (this.areMany && this.#reader === undefined)
      throw new AppError(
        'insecure',
        'http.conf: socket-callers: this machine cannot tell who calls by a unix socket; that takes Linux and the package koffi',
        { field: 'socket-callers' },
      );
  }

  /** Errors: AppError `forbidden` for users that nobody knows. */
  identify(socket: Socket): Identity {
    const reader = this.#read();
    // The mode of socket and directory lets in nobody but the agent's user and root.
    if (reader === undefined) return owner;
    const peer = reader(socket);
    if (peer === undefined) throw new AppError('forbidden', 'the connection is gone, and nobody knows whose it was');
    if (peer.uid === 0 || peer.uid === process.geteuid?.()) return owner;
    const granted = this.#best(peer);
    if (granted !== undefined) return { name: this.#userName(peer.uid), role: granted.role, via: 'socket' };
    throw new AppError(
      'forbidden',
      `user ${this.#userName(peer.uid)} may not call by this socket; socket-callers in http.conf says who may`,
    );
  }

  /** Loading it costs 8 MB; where it is not needed it is used if somebody else has loaded it. */
  #read(): PeerReader | undefined {
    if (this.#reader === undefined && !this.#asked) {
      this.#asked = true;
      this.#reader = peerReader(false);
    }
    return this.#reader;
  }

  #best({ uid, groups }: Peer): Grant | undefined {
    const fitting = [
      ...this.#users.filter(({ id }) => id === uid),
      ...this.#groups.filter(({ id }) => groups.includes(id)),
    ];
    return fitting.sort((left, right) => rank[right.role] - rank[left.role])[0];
  }

  #grant(database: 'passwd' | 'group', name: string | number, role: Role, field: string): Grant[] {
    const id = typeof name === 'number' ? name : (this.#idOf(database, name) ?? numberOf(name));
    if (id !== undefined) return [{ id, name: String(name), role }];
    const what = database === 'passwd' ? 'user' : 'group';
    throw new AppError(
      'invalid-config',
      `http.conf: ${field}: there is no ${what} ${name} in /etc/${database}; a number does, too`,
      {
        field,
      },
    );
  }

  #idOf(database: 'passwd' | 'group', name: string): number | undefined {
    const line = this.#lines(database).find(([own]) => own === name);
    return line === undefined ? undefined : numberOf(line[2] ?? '');
  }

  #userName(uid: number): string {
    return this.#lines('passwd').find(([, , id]) => id === String(uid))?.[0] ?? `uid ${uid}`;
  }

  #lines(database: 'passwd' | 'group'): readonly (readonly string[])[] {
    return this.#accounts(database)
      .split('\n')
      .map((line) => line.split(':'));
  }
}

function numberOf(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
