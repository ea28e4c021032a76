/** The VPP driver: the binary API of any VPP release from 21.06 on, by itself. Knows no agent. */
export { connectVpp, openVpp } from './client.ts';
export type {
  FieldsOf,
  ItemOf,
  ListName,
  MessageName,
  ReplyOf,
  RequestName,
  VppClient,
  VppState,
  VppStatistics,
} from './client.ts';
export type { VppLog, VppOptions } from './options.ts';
export type { FrameTap, RequestOptions } from './connection/connection.ts';
export type { Mismatch } from './connection/message-table.ts';
export { durationBounds, type MessageCount } from './connection/tally.ts';
export type { MessageDescription, MessageListing } from './describe.ts';
export { isVppError, VppError } from './errors.ts';
export type { VppErrorCode, VppErrorDetails } from './errors.ts';
export type { Flags, Input } from './fields.ts';
export type * from './gen/messages.js';
export * from './gen/flags.js';
export { describeRetval, retvalOf } from './retval.ts';
export type { Retval } from './retval.ts';
export { VppStats } from './stats/stats.ts';
export type { VppStatsOptions } from './stats/stats.ts';
export type { CombinedCounter, StatsValue } from './stats/counters.ts';
export type { SegmentSource } from './stats/segment.ts';
export type {
  VppBufferPool,
  VppErrorCounter,
  VppHeap,
  VppInterfaceCounters,
  VppNodeCounters,
  VppRuntime,
} from './stats/tables.ts';
export { traceToFile } from './trace.ts';
