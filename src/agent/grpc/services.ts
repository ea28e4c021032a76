/** All services of the agent. Loaded when the first caller comes. */

import type { DescService } from '@bufbuild/protobuf';
import { grpcService } from '../../app/grpc/implement.ts';
import type { GrpcService, GrpcServices } from '../../app/grpc/service.ts';
import { Health } from '../../model/gen/grpc/health/v1/health_pb.js';
import { ServerReflection } from '../../model/gen/grpc/reflection/v1/reflection_pb.js';
import { ServerReflection as ServerReflectionAlpha } from '../../model/gen/grpc/reflection/v1alpha/reflection_pb.js';
import { ConfiguratorService } from '../../model/gen/ligato/configurator/configurator_pb.js';
import { StatsPollerService } from '../../model/gen/ligato/configurator/statspoller_pb.js';
import { ManagerService } from '../../model/gen/ligato/generic/manager_pb.js';
import { MetaService } from '../../model/gen/ligato/generic/meta_pb.js';
import { configuratorService } from './configurator-service.ts';
import { errorOf } from './errors.ts';
import { healthService } from './health-service.ts';
import { Items } from './items.ts';
import { managerService } from './manager-service.ts';
import { metaService } from './meta-service.ts';
import { ModelTypes } from './model-types.ts';
import type { ServiceNeeds } from './needs.ts';
import type { InterfaceNotifications } from './notifications.ts';
import { Reflection } from './reflection-service.ts';
import { statsService } from './stats-service.ts';

const read = { role: 'read' } as const;

export function agentServices(needs: ServiceNeeds, notifications: InterfaceNotifications): GrpcServices {
  const { models, values, application, interfaces } = needs;
  const items = new Items(models, (value) => values.masked(models.modelOf(value).message, value));
  const described: readonly DescService[] = [
    ConfiguratorService,
    StatsPollerService,
    ManagerService,
    MetaService,
    Health,
    ServerReflection,
    ServerReflectionAlpha,
  ];
  const reflection = new Reflection(described, () => models.models().map(({ message }) => message.file));
  const services: readonly GrpcService[] = [
    grpcService(ConfiguratorService, configuratorService(needs, notifications), {
      ...read,
      roles: { Update: 'operate', Delete: 'operate' },
    }),
    grpcService(StatsPollerService, statsService(interfaces), read),
    grpcService(ManagerService, managerService(needs, items), { ...read, roles: { SetConfig: 'operate' } }),
    grpcService(MetaService, metaService(needs), read),
    grpcService(ServerReflection, { serverReflectionInfo: (questions) => reflection.answers(questions) }, read),
    grpcService(
      ServerReflectionAlpha,
      { serverReflectionInfo: (questions) => reflection.alphaAnswers(questions) },
      read,
    ),
    grpcService(
      Health,
      healthService(application, (name) => described.some(({ typeName }) => typeName === name)),
      {
        role: 'public',
      },
    ),
  ];
  return { services, registry: new ModelTypes(models), errorOf };
}
