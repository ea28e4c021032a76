export { ClientError, type ClientErrorCode } from './errors.ts';
export { type Call, type Connection, HttpClient } from './http.ts';
