/** `grpc.health.v1.Health`: serves while the agent is well; an error of a plugin that is not fatal does not count. */

import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import type { ApplicationInfo } from '../../app/index.ts';
import {
  type Health,
  HealthCheckResponse_ServingStatus,
  HealthCheckResponseSchema,
} from '../../model/gen/grpc/health/v1/health_pb.js';

export function healthService(
  { health }: ApplicationInfo,
  isKnown: (service: string) => boolean,
): ServiceImpl<typeof Health> {
  const statusOf = (service: string): HealthCheckResponse_ServingStatus => {
    if (service !== '' && !isKnown(service)) return HealthCheckResponse_ServingStatus.SERVICE_UNKNOWN;
    return health.snapshot().state === 'ok'
      ? HealthCheckResponse_ServingStatus.SERVING
      : HealthCheckResponse_ServingStatus.NOT_SERVING;
  };
  return {
    check({ service }) {
      const status = statusOf(service);
      if (status === HealthCheckResponse_ServingStatus.SERVICE_UNKNOWN)
        throw new ConnectError(`there is no service ${service}; reflection lists them`, Code.NotFound);
      return create(HealthCheckResponseSchema, { status });
    },

    async *watch({ service }, { signal }) {
      let told: HealthCheckResponse_ServingStatus | undefined;
      while (!signal.aborted) {
        const changed = Promise.withResolvers<void>();
        const wake = (): void => changed.resolve();
        const stop = health.listen(wake);
        signal.addEventListener('abort', wake, { once: true });
        try {
          const status = statusOf(service);
          if (status !== told) yield create(HealthCheckResponseSchema, { status: (told = status) });
          else await changed.promise;
        } finally {
          stop();
          signal.removeEventListener('abort', wake);
        }
      }
    },
  };
}
