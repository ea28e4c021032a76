/** Services as plugins offer them. Types only: what speaks gRPC is loaded when the first caller comes. */

import type { DescService } from '@bufbuild/protobuf';
import type { Identity, RouteRole } from '../http/role.ts';

/** Who calls, as methods see it. */
export interface GrpcCaller {
  readonly identity: Identity | undefined;
  /** In words, for logs and the history. */
  readonly by: string;
}

export interface GrpcService {
  readonly service: DescService;
  readonly implementation: object;
  /** The least role that may call a method, by its name; methods that are not here: `role`. */
  readonly roles: Readonly<Record<string, RouteRole>>;
  readonly role: RouteRole;
}

/** What else the server has to know from those who offer services. */
export interface GrpcServices {
  readonly services: readonly GrpcService[];
  /** Types that messages carry in google.protobuf.Any, for JSON. */
  readonly registry?: object;
  /** What a thrown error becomes on the wire: a ConnectError. Its type is not named: it would have to be loaded with these. */
  readonly errorOf?: (error: unknown) => Error | undefined;
}
