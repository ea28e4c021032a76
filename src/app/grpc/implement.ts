import type { DescService } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import type { RouteRole } from '../http/role.ts';
import type { GrpcService } from './service.ts';

/** Ties an implementation to its service, for the compiler. */
export function grpcService<S extends DescService>(
  service: S,
  implementation: ServiceImpl<S>,
  roles: { readonly role: RouteRole; readonly roles?: Readonly<Record<string, RouteRole>> },
): GrpcService {
  return { service, implementation, role: roles.role, roles: roles.roles ?? {} };
}
