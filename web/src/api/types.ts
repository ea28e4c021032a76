/** Answers of `/api/v1` (docs/reference/rest.md). */

export type State =
  | 'NONEXISTENT'
  | 'MISSING'
  | 'UNIMPLEMENTED'
  | 'REMOVED'
  | 'CONFIGURED'
  | 'OBTAINED'
  | 'DISCOVERED'
  | 'PENDING'
  | 'INVALID'
  | 'FAILED'
  | 'RETRYING';

export interface Waiting {
  readonly label: string;
  readonly since: string;
}

export interface Status {
  readonly key: string;
  readonly model?: string;
  readonly name: string;
  readonly state: State;
  readonly since: string;
  readonly lastOperation: string;
  readonly error?: string;
  readonly problems?: readonly { readonly field: string; readonly message: string }[];
  readonly details?: readonly string[];
  readonly waitingFor: readonly Waiting[];
  readonly seqNum: number;
  readonly source?: string;
  readonly parts: readonly Status[];
}

export interface GraphDependency {
  readonly label: string;
  readonly keys: readonly string[];
  readonly satisfied: boolean;
}

export interface GraphNode {
  readonly key: string;
  readonly kind?: string;
  readonly label: string;
  readonly state: State;
  readonly parent?: string;
  readonly parts: readonly string[];
  readonly dependencies: readonly GraphDependency[];
  readonly applied: unknown;
  readonly desired: unknown;
  readonly metadata: unknown;
}

export interface Holding {
  readonly source: string;
  readonly priority: number;
  readonly effective: boolean;
  readonly value: unknown;
}

export interface OperationNote {
  readonly seqNum: number;
  readonly time: string;
  readonly operation: string;
  readonly state: State;
  readonly error?: string;
  readonly noop: boolean;
  readonly reason: string;
}

export interface Explanation extends Status {
  readonly desired: unknown;
  readonly applied: unknown;
  readonly metadata: unknown;
  readonly partOf?: string;
  readonly dependencies: readonly GraphDependency[];
  readonly wantedBy: readonly Holding[];
  readonly history: readonly OperationNote[];
}

export interface Operation {
  readonly key: string;
  readonly operation: string;
  readonly prevState: State;
  readonly newState: State;
  readonly newError?: string;
  readonly newValue: unknown;
  readonly prevValue: unknown;
  readonly noop: boolean;
  readonly isPart: boolean;
  readonly isProperty: boolean;
  readonly isRevert: boolean;
  readonly isRetry: boolean;
  readonly isRecreate: boolean;
  readonly reason: string;
}

export interface Transaction {
  readonly seqNum: number;
  readonly type: string;
  readonly resync: string;
  readonly description: string;
  readonly start: string;
  readonly stop: string;
  readonly milliseconds: number;
  readonly retryForTxn?: number;
  readonly values: readonly { readonly key: string; readonly value: unknown; readonly origin: string }[];
  readonly planned: readonly Operation[];
  readonly executed: readonly Operation[];
}

export interface Health {
  readonly state: string;
  readonly error?: string;
  readonly plugins?: Readonly<Record<string, { readonly state: string; readonly error?: string }>>;
}

export interface AgentStatus {
  readonly app: string;
  readonly label: string;
  readonly version: string;
  readonly started: string;
  readonly pid: number;
  readonly engine: string;
  readonly vswitch?: string;
  readonly health: unknown;
}

export interface Model {
  readonly name: string;
  readonly prefix: string;
  readonly config: string | null;
  readonly engine: string | null;
  readonly status: string;
}
