/** The client of an agent: one interface, in process and over HTTP. */

export type { AgentClient, ApplyOptions, ChangeOptions, ConfigurationInput, ValueFilter } from './agent-client.ts';
export type * from './answers.ts';
export type {
  ChangeAnswer,
  ChangeRequest,
  ChangeResult,
  PutOptions,
  SendOptions,
} from './change-request.ts';
export type {
  AppliedItem,
  ConfigurationClient,
  ConfigurationItem,
  ItemFilter,
  StateChange,
  StateFilter,
} from './configuration-client.ts';
export type { ObjectId } from './object-id.ts';
export { ClientError, type ClientErrorCode } from './errors.ts';
export { grpcClient, type GrpcClientOptions } from './grpc-client.ts';
export { type Call, type Connection, HttpClient } from './http.ts';
export { httpClient, type HttpClientOptions } from './http-agent-client.ts';
export { localClient, localClientPlugin } from './local.ts';
