export type * from './objects.ts';
export type * from './port.ts';
export { types, protocols, etherTypes, integer, type DataType, type Value } from './datatype.ts';
export * from './fields.ts';
export * from './operation.ts';
export type { Source, Statement } from './compiler.ts';
export { listenToTrace, type TraceEvent, type TraceListener } from './trace.ts';
export { createNftablesDriver, type NftablesDriver } from './nftables.ts';
export { ElementCodec, ListedElement } from './element-codec.ts';
export { NftablesError } from './errors.ts';
export {
  concat,
  constant,
  jhash,
  numgen,
  portOf,
  shiftedLeft,
  shiftedRight,
  Field,
  type SetReference,
} from './source.ts';
export { rewrite, type Write } from './rewrite.ts';
export { dnat, masquerade, redirect, snat, tproxy, type NatTarget } from './nat.ts';
export {
  accept,
  clampMss,
  connectionLimit,
  counter,
  drop,
  duplicateTo,
  dynamic,
  forwardTo,
  goBack,
  goto,
  jump,
  limit,
  log,
  notrack,
  proceed,
  quota,
  reject,
  setConnectionMark,
  setConnectionMarkBits,
  setMark,
  setMarkBits,
  setOriginalZone,
  setPacketType,
  setPriority,
  setZone,
  startTrace,
} from './statement.ts';
