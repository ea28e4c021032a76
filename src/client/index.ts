/** The client of an agent: one interface, in process and over HTTP. */

export type { AgentClient, ApplyOptions, ChangeOptions, ConfigurationInput, ValueFilter } from './agent-client.ts';
export type * from './answers.ts';
export { ClientError, type ClientErrorCode } from './errors.ts';
export { type Call, type Connection, HttpClient } from './http.ts';
export { httpClient, type HttpClientOptions } from './http-agent-client.ts';
export { localClient, localClientPlugin } from './local.ts';
