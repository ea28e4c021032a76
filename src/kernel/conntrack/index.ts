export { conntrack, type Conntrack } from './conntrack.ts';
export type { FlowFilter } from './filter.ts';
export type { Flow, Tuple } from './flow.ts';
