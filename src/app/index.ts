/** The public surface of the application framework. See README.md. */
import './process/node-version.ts';
export { duration, formatDuration, parseDuration } from './config/duration.ts';
export type { ConfigOption, ConfigSchema, LegacyKey } from './config/declaration.ts';
export { secret } from './config/secret.ts';
export { AppError, type AppErrorCode, type ConfigProblem } from './errors.ts';
export type { Health, HealthSnapshot, HealthState, PluginHealth } from './health/health.ts';
export { type Grpc, grpcPlugin } from './grpc/plugin.ts';
export type { GrpcCaller, GrpcService, GrpcServices } from './grpc/service.ts';
export { probePlugin } from './health/plugin.ts';
export { type Http, httpPlugin } from './http/plugin.ts';
export { sessionRoutesPlugin } from './http/session-plugin.ts';
export { type QueryParameter, queryParameters } from './http/parameters.ts';
export type { Identity, Role, RouteRole } from './http/role.ts';
export {
  type HttpMethod,
  HttpReply,
  type HttpRequest,
  type Route,
  type RouteListing,
  type RouteSchema,
} from './http/route.ts';
export { logRoutesPlugin } from './log/plugin.ts';
export { prometheusPlugin } from './metrics/plugin.ts';
export type { Logger } from './log/logger.ts';
export type { LogLevel } from './log/levels.ts';
export type { Logs } from './log/logs.ts';
export { type EventLoopDelay, measureEventLoop } from './metrics/event-loop.ts';
export type { Metrics, Samples } from './metrics/metrics.ts';
export {
  type Application,
  type ApplicationOptions,
  printConfig,
  startApplication,
} from './plugin/application.ts';
export type { ApplicationInfo, PluginContext } from './plugin/context.ts';
export {
  definePlugin,
  optional,
  type Plugin,
  type PluginDefinition,
  slot,
  substitute,
  type Substitution,
} from './plugin/definition.ts';
export { controlSocket, type InstanceNames, stateDirectory } from './plugin/directories.ts';
export type { StartReport, StopReport } from './plugin/report.ts';
export { applicationFlags, helpText } from './plugin/help.ts';
export { runApplication } from './plugin/run.ts';
export type { RestartPolicy } from './process/backoff.ts';
export type { ProcessEvent, ProcessState } from './process/state.ts';
export { type SupervisedProcess, type SuperviseOptions, supervise } from './process/supervise.ts';
export { type Peer, peerReader } from './http/peer.ts';
